import { describe, expect, test } from '@jest/globals';
import { playApart } from './play-apart.ts';
import { describeFailure } from './play.ts';
import { scenarioOf } from './scenario.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';
import type { Tally } from './tally.ts';
import { sumOf } from './tally.ts';

const SEEDS = 2_000;
const SEEDS_PER_TEST = 250;
/** On a machine that is busy with other things, too. */
const TIMEOUT_MS = 120_000;

describe('section 3 of the design holds', () => {
  const tallies: Tally[] = [];
  const starts = Array.from({ length: SEEDS / SEEDS_PER_TEST }, (_, n) => n * SEEDS_PER_TEST + 1);

  test.each(starts)(
    'for 250 seeds from %i on',
    async (from) => {
      const told = ['--seeds', `${SEEDS_PER_TEST}`, '--from', `${from}`];
      const { seeds, violation, tally } = playApart(told, TIMEOUT_MS);
      const seed = from + seeds - 1;
      const said = violation && (await describeFailure(await simulate(scenarioOf(seed))));
      expect(said).toBeUndefined();
      expect(seeds).toBe(SEEDS_PER_TEST);
      tallies.push(tally);
    },
    TIMEOUT_MS,
  );

  /** What must have been there, or the seeds have proved nothing about it. */
  test('and everything that could break it was there', () => {
    const tally = sumOf(tallies);
    process.stdout.write(`${JSON.stringify(tally)}\n`);
    const reached = Object.keys(tally).filter((name) => (tally[name] ?? 0) > 0);
    expect(reached).toEqual(expect.arrayContaining(MUST_BE_REACHED));
    expect(tally['steps']).toBeGreaterThan(SEEDS * 100);
  });
});

const MUST_BE_REACHED = `kills, freezes, zombies, errors, repeats, duplicates, late results dropped,
  ended sent, ended cancelled, ended malformed, ended poison, ended permanent, ended attempts-spent,
  ended expired, ended unknown-outcome, ended unroutable,
  rows: create, rows: create started, rows: claim, rows: take over, rows: release, rows: end,
  rows: end unclaimed, rows: refuse, rows: push back, rows: hold, rows: wake, rows: move,
  rows: pause, rows: resume, rows: redrive, rows: cancel, rows: stand in line,
  workers, calls: handed off, calls: gone on, calls: to retries, calls: known already,
  calls: not answered, calls: lost, calls: late, calls: twice,
  not known yet, transactions contended, batches of several, circuits opened, circuits closed, probes, jobs with a time, bulk jobs,
  dead letters marked, dead letters unmarked, instances told to end, given back by them`.split(
  /,\s+/,
);

describe('a seed', () => {
  test('is the same simulation every time', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const first = await simulate(scenarioOf(seed));
      const second = await simulate(scenarioOf(seed), { trace: true });
      expect(second.traceHash).toBe(first.traceHash);
    }
  });

  test('is another simulation than its neighbours', async () => {
    const hashes = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const { traceHash } = await simulate(scenarioOf(seed));
      hashes.add(traceHash);
    }
    expect(hashes.size).toBe(20);
  });
});

test('a failure shrinks to a smaller scenario that breaks the same promise', async () => {
  const tooShort = { ...scenarioOf(7), maxSteps: 150 };
  const failure = await simulate(tooShort);
  const promise = failure.violations[0]?.promise;
  expect(promise).toBe('it comes to an end');
  const { scenario, violations } = await shrink(failure);
  expect(violations[0]?.promise).toBe(promise);
  expect(scenario.minutes).toBeLessThanOrEqual(tooShort.minutes);
  expect(JSON.stringify(scenario)).not.toBe(JSON.stringify(tooShort));
});
