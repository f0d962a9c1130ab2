import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { DEFAULT_SETTINGS, parseSettings } from '../../functions/src/composition/settings.ts';
import { readSchedule } from '../../functions/src/composition/schedule.ts';
import { fullEvent, fullJob } from '../../functions/src/composition/testing/written-fields.ts';
import { encodedBytes } from '../../functions/src/events/emit/encoded-size.ts';
import { DAY_MS } from '../../functions/src/kernel/index.ts';
import { KEEP_SENT_MS } from '../../functions/src/outbox/index.ts';
import { FACTS } from './facts.ts';
import type { Load } from './load.ts';
import { LOAD_TERMS, LONGEST_CALL_MS, readLoad } from './load.ts';
import type { Answer, Plan } from './plan.ts';
import { plan } from './plan.ts';

const usual = loadOf({});

function loadOf(said: Readonly<Record<string, string>>): Load {
  const read = readLoad(said);
  if (read.kind === 'wrong') throw new Error(`${read.flag}: ${read.message}`);
  return read.load;
}

const all = ({ rates, capacity, costs }: Plan): readonly Answer[] => [
  ...rates,
  ...capacity,
  ...costs,
];

function valuesOf(load: Load): Record<string, number> {
  return Object.fromEntries(all(plan(load, FACTS)).map(({ key, value }) => [key, value]));
}

const loads = fc.record(
  Object.fromEntries(
    LOAD_TERMS.map(({ name, least, most }) => [
      name,
      fc.double({ min: least, max: most, noNaN: true }),
    ]),
  ) as unknown as { [Name in keyof Load]: fc.Arbitrary<number> },
);

/**
 * A slower commit makes a worker slower. Of larger events the trigger takes fewer, and a worker does their jobs for
 * less: so it is not the total that never shrinks, but the total without the trigger. By more events, all of it grows.
 */
const OF_THE_TRIGGER =
  /^(workerRate|taken|inTrigger|triggerInstances|requestCost|triggerCost|cost)$/;

describe('a plan', () => {
  test('of one event a second, two subscriptions and one person counts what is measured', () => {
    // By hand. Written: the event and two jobs; the transactional one settled, the external one claimed and
    // settled; a notification, an e-mail job and its settle. Read: two rows, one person, and the event as it is
    // archived, with what archiving reads besides. Nothing fails.
    const values = valuesOf(loadOf({ events: '1', retries: '0' }));
    expect(values).toMatchObject({ jobs: 3, writes: 3 + 1 + 2 + 3, again: 0, deletes: 4 });
    expect(values['reads']).toBeCloseTo(3 + 1.04 + 3 / 120);
    expect(values['dueWrites']).toBe(2 + 1 + 2 + 2);
    expect(values['cost']).toBeGreaterThan(9 * 2.592 * 0.9);
  });

  test('of ten thousand of 2,000 bytes: by hand what the trigger takes, and the workers the rest', () => {
    // 100 instances with ten events each, of 260 ms: 3,846 a second, fewer than the 5,000 of 10 MB.
    const values = valuesOf(loadOf({ events: '10000', payloadBytes: '1000', retries: '0' }));
    const taken = 1_000 / 0.26;
    const missed = 1 - taken / 10_000;
    expect(values['taken']).toBeCloseTo(taken);
    expect(values).toMatchObject({ inTrigger: expect.closeTo(1_000), triggerInstances: 100 });
    expect(values['swept']).toBeCloseTo(30_000 * missed);
    // Swept are claimed too: the transactional job and the e-mail, which is read as well.
    expect(values['writes']).toBeCloseTo(10_000 * (9 + 2 * missed), 3);
    expect(values['dueWrites']).toBeCloseTo(10_000 * (7 + 2 * missed), 3);
    expect(values['reads']).toBeCloseTo(10_000 * (4.04 + missed) + 3 / 120, 3);
    expect(values['requestCost']).toBeCloseTo(taken * 2_592_000 * 0.000_000_4, 3);
    expect(values['triggerCost']).toBeCloseTo(
      100 * 2_592_000 * (0.000_024 + 0.25 * 0.000_002_5),
      3,
    );
  });

  test.each([
    // 10 MB a second; 10 MB at once, for 45,240 ms each; 100 instances, of ten such events each.
    [{ payloadBytes: '9000', events: '3000' }, 1_000],
    [{ payloadBytes: '99000', sendMs: '45000', commitMs: '80', events: '50' }, 100 / 45.24],
    [{ sendMs: '45000', commitMs: '80', events: '50' }, 1_000 / 45.24],
  ])('lets the trigger take no more than the least of its limits: %j', (said, taken) => {
    expect(valuesOf(loadOf(said))['taken']).toBeCloseTo(taken);
  });

  test('never gets cheaper or smaller by more of anything, but for what the trigger takes', () => {
    const growing = LOAD_TERMS.map(({ name }) => name).filter((name) => name !== 'external');
    fc.assert(
      fc.property(
        loads,
        fc.constantFrom(...growing),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (load, name, more) => {
          const { most } = LOAD_TERMS.find((term) => term.name === name)!;
          const smaller = valuesOf(load);
          const larger = valuesOf({ ...load, [name]: load[name] + more * (most - load[name]) });
          const grows = (value: number, now: number) => now * (1 + 1e-9) + 1e-9 >= value;
          for (const [key, value] of Object.entries(smaller)) {
            if (name !== 'events' && OF_THE_TRIGGER.test(key)) continue;
            expect([key, grows(value, larger[key]!)]).toEqual([key, true]);
          }
          const others = ({ cost, requestCost, triggerCost }: Record<string, number>) =>
            cost! - requestCost! - triggerCost!;
          expect(grows(others(smaller), others(larger))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('adds up: writes are of their kinds, and the cost is of its parts', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const planned = plan(load, FACTS);
        const sum = (answers: readonly Answer[]) =>
          answers.reduce((total, { value }) => total + value, 0);
        const { writes } = valuesOf(load);
        const parts = planned.rates.filter(({ key }) => /^(?!due).*Writes$/.test(key));
        expect(sum(parts)).toBeCloseTo(writes!, 3);
        const total = planned.costs.at(-1)!.value;
        expect(sum(planned.costs.slice(0, -1)) / total).toBeCloseTo(1, 9);
        for (const { value } of all(planned)) expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('names for each limit the load at which it is reached, the first first', () => {
    const { limits } = plan({ ...usual, events: 5_000 }, FACTS);
    const places = limits.map(({ reachedAt }) => reachedAt);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const { title, used, limit, reachedAt } of limits) {
      expect([title, used > limit]).toEqual([title, reachedAt < 5_000]);
    }
    const at = new Map(limits.map((one) => [one.title, one.reachedAt]));
    // 500 a second of a tenant's index, of which the largest has a tenth; 10 MB of 1,500 bytes.
    expect(at.get('the largest tenant’s events by time')! / 5_000).toBeCloseTo(1, 2);
    expect(at.get('events to one trigger')! / (10_000_000 / 1_500)).toBeCloseTo(1, 2);
    expect(at.get('instances of the trigger')! / (1_000 / 0.26)).toBeCloseTo(1, 2);
    expect(at.get('tasks of one queue')).toBe(Infinity);
  });

  test('says beyond which loads no setting, and no default of the platform, helps', () => {
    const { rates, capacity, costs, limits } = plan({ ...usual, events: 100_000 }, FACTS);
    const values = new Map(all({ rates, capacity, costs } as Plan).map((one) => [one.key, one]));
    const reached = limits.filter(({ used, limit }) => used > limit);
    expect(reached.map(({ title, limit }) => [title, limit])).toEqual(
      expect.arrayContaining([
        ['slots that there can be', 1_000],
        ['workers that there can be', 1_000],
        ['instances of outboxWorker', 100],
        ['instances of the trigger', 1_000],
      ]),
    );
    expect(values.get('slots')!.value).toBeGreaterThan(1_000);
    expect(values.get('workers')!.value).toBeGreaterThan(1_000);
    const held = plan({ ...usual, events: 50, payloadBytes: 99_000, sendMs: 60_000 }, FACTS);
    const ofHeld = held.limits.find(({ title }) => title === 'events held for one trigger')!;
    expect(ofHeld).toMatchObject({ used: expect.closeTo(50 * 60.06 * 100_000, 0) });
    expect(ofHeld.reachedAt / (100 / 60.06)).toBeCloseTo(1, 2);
  });

  test('says of calls that take too long that they are aborted, whatever the load', () => {
    const { limits } = plan(loadOf({ sendMs: '20001', events: '0.001' }), FACTS);
    expect(limits[0]).toMatchObject({ used: 20_001, limit: 20_000, reachedAt: 0 });
    expect(limits[0]!.beyond).toContain('OUTBOX_TIMEOUT_MS');
  });

  test('stores what is kept for as long as is said', () => {
    const stored = (said: Readonly<Record<string, string>>) => valuesOf(loadOf(said))['gibibytes']!;
    // A second's event of 1,500 bytes and its three jobs of 1,000, each with its index, for that many days.
    const gibibytes = (86_400 * 2 * (365 * 1_500 + 30 * 3_000)) / 1_073_741_824;
    expect(stored({ keptDays: '365', sentDays: '30' })).toBeCloseTo(gibibytes);
    expect(stored({})).toBeLessThan(gibibytes);
  });

  test('leaves to the tick what the trigger misses, though no call fails', () => {
    const { limits } = plan({ ...usual, events: 5_000, retries: 0 }, FACTS);
    const tick = limits.find(({ title }) => title === 'the tick alone')!;
    // As soon as a trigger with all its instances busy misses anything.
    expect(tick.used).toBeGreaterThan(tick.limit);
    expect(tick.reachedAt / (1_000 / 0.26)).toBeCloseTo(1, 1);
  });

  test('says the source of every number in its formulas', () => {
    const { facts, load, rates, capacity, costs } = plan(usual, FACTS);
    const known = new Set([
      ...Object.keys(load),
      ...all({ rates, capacity, costs } as Plan).map(({ key }) => key),
    ]);
    for (const { formula } of all({ rates, capacity, costs } as Plan)) {
      const names = formula.match(/[A-Za-z]+/g) ?? [];
      const others = names.filter(
        (name) => !known.has(name) && !/^(max|min|roundUp|log)$/.test(name),
      );
      for (const name of others) expect(facts[name]?.source).toBeTruthy();
    }
    // A fact that no plan rests on would be there for nothing.
    expect(Object.keys(facts)).toEqual(Object.keys(FACTS));
  });
});

describe('what a plan rests on', () => {
  test('are the settings as they are by default', () => {
    const tickAt = readSchedule(DEFAULT_SETTINGS.OUTBOX_SCHEDULE)!;
    expect([
      FACTS.normalSlots.value,
      FACTS.maxWorkers.value,
      FACTS.concurrency.value,
      FACTS.jobsOfATick.value,
      FACTS.tickSeconds.value * 1_000,
      FACTS.timeoutMs.value,
      usual.sentDays * DAY_MS,
      usual.keptDays,
    ]).toEqual([
      DEFAULT_SETTINGS.OUTBOX_NORMAL_SLOTS,
      DEFAULT_SETTINGS.OUTBOX_MAX_WORKERS,
      DEFAULT_SETTINGS.OUTBOX_CONCURRENCY,
      DEFAULT_SETTINGS.OUTBOX_MAX_JOBS_PER_RUN,
      tickAt(tickAt(0)) - tickAt(0),
      DEFAULT_SETTINGS.OUTBOX_TIMEOUT_MS,
      KEEP_SENT_MS,
      DEFAULT_SETTINGS.ARCHIVE_AFTER_DAYS,
    ]);
  });

  test('are no more slots, workers and time for a call than the settings take', () => {
    const taken = (name: string, value: number) => {
      try {
        return parseSettings({ ...DEFAULT_SETTINGS, [name]: value }) !== undefined;
      } catch {
        return false;
      }
    };
    for (const [name, { value }] of [
      ['OUTBOX_NORMAL_SLOTS', FACTS.mostSlots],
      ['OUTBOX_MAX_WORKERS', FACTS.mostWorkers],
      ['OUTBOX_TIMEOUT_MS', { value: LONGEST_CALL_MS }],
    ] as const) {
      expect([taken(name, value), taken(name, value + 1)]).toEqual([true, false]);
    }
  });

  test('is what archiving reads, as docs/how-to/archive.md says', () => {
    const page = readFileSync(new URL('../../docs/how-to/archive.md', import.meta.url), 'utf8');
    const reads = (FACTS.archiveReads.value * 100_000).toLocaleString('en-US');
    expect(page).toContain(`For 100,000 events in no stream`);
    expect(page).toContain(`about ${reads} reads`);
  });

  test('are the functions as they are deployed', () => {
    const file = new URL('../../test/deploy/manifest.golden.json', import.meta.url);
    const { endpoints } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly endpoints: Readonly<
        Record<'onDomainEventCreated' | 'outboxWorker', Readonly<Record<string, number>>>
      >;
    };
    const { onDomainEventCreated: trigger, outboxWorker: worker } = endpoints;
    const { triggerConcurrency, triggerMemory, workerMemory, workerSeconds } = FACTS;
    expect([triggerConcurrency.value, triggerMemory.value * 1_024]).toEqual([
      trigger['concurrency'],
      trigger['availableMemoryMb'],
    ]);
    // Or the platform's default would not be what there is.
    expect([trigger, worker].map((one) => one['maxInstances'])).toEqual([undefined, undefined]);
    expect([workerMemory.value * 1_024, workerSeconds.value]).toEqual([
      worker['availableMemoryMb'],
      worker['timeoutSeconds']! * 0.8,
    ]);
  });

  test('are sizes that are not far from those of documents with every field', () => {
    const event = fullEvent();
    const bytes = encodedBytes(event) - encodedBytes({ payload: event['payload'] });
    for (const [measured, planned] of [
      [bytes, FACTS.envelopeBytes.value],
      [encodedBytes(fullJob()), FACTS.jobBytes.value],
    ] as const) {
      // Test ids are short: real ones are at most some 300 bytes more.
      expect(measured).toBeGreaterThan(planned / 2);
      expect(measured + 300).toBeLessThan(planned * 1.2);
    }
  });

  test('is the CPU that was measured, as docs/how-to/measure.md says', () => {
    const page = readFileSync(new URL('../../docs/how-to/measure.md', import.meta.url), 'utf8');
    expect(page).toContain(`What is more is CPU (${FACTS.cpuMs.value} ms a`);
  });
});
