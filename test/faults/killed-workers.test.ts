import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import { Archive } from './archive.ts';
import { isThirdStartOut, readEffects } from './database.ts';
import { emitSteadily } from './emitter.ts';
import type { Evidence } from './judge.ts';
import { briefly, countHits, judge, judgeDuplicates } from './judge.ts';
import type { KillerReport } from './killer.ts';
import { killAgainAndAgain } from './killer.ts';
import { planLoad } from './load.ts';
import { DEPLOYED, openScene } from './scene.ts';

const SIZE = { jobs: 5_000, tenants: 50, lines: 200, jobsPerLine: 10, burst: 5 };
const WORKERS = 4;
/** Short pages: whoever is killed every few seconds comes to no end of a long one. */
const PAGE_SIZE = 50;
/** So many jobs may be open before the emitter waits. */
const MAX_OPEN = 250;
const LOOK_EVERY_MS = 1_000;
/** Nothing was done for so long: it is not slow, it hangs. */
const PATIENCE_MS = 45_000;
const HARD_LIMIT_MS = 600_000;

const seed = Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31));
const firestore = openEmulatorFirestore();
let evidence: Evidence;
let rewritten: readonly string[];
let killer: KillerReport;

beforeAll(async () => {
  const startMs = performance.now();
  const random = new SeededRandom(seed);
  const load = planLoad(SIZE, random.fork('load'));
  const { fleet, journal } = await openScene(firestore, {
    name: 'killed-workers',
    settings: { ...DEPLOYED, pageSize: PAGE_SIZE },
  });
  const archive = new Archive(firestore);
  const stopKilling = new AbortController();
  fleet.start(WORKERS);
  const killing = killAgainAndAgain({
    fleet,
    random: random.fork('killer'),
    done: () => archive.size,
    total: load.allIds.length,
    mustSpare: () => isThirdStartOut(firestore),
    signal: stopKilling.signal,
  });
  const emitting = emitSteadily(firestore, load.jobs, {
    fleet,
    random: random.fork('triggers'),
    hasRoom: () => archive.open < MAX_OPEN,
    signal: stopKilling.signal,
  });
  try {
    await takeOutUntil(archive, load.allIds.length);
  } finally {
    stopKilling.abort();
    [killer] = await Promise.all([killing, emitting]);
    await fleet.stop();
    const { rows, problems } = await archive.close();
    rewritten = problems;
    const effects = await readEffects(firestore);
    evidence = { load, rows, effects, journal: journal.read() };
    report(performance.now() - startMs);
  }
}, HARD_LIMIT_MS);

/** Out of patience it ends all the same: the tests then say what was lost. */
async function takeOutUntil(archive: Archive, count: number): Promise<void> {
  let movedAtMs = performance.now();
  while (archive.size < count && performance.now() - movedAtMs < PATIENCE_MS) {
    await pause(LOOK_EVERY_MS);
    const before = archive.size;
    await archive.look();
    if (archive.size > before) movedAtMs = performance.now();
  }
}

function report(tookMs: number): void {
  const { duplicates } = judgeDuplicates(evidence);
  const hits = countHits(evidence);
  process.stdout.write(
    `FAULTS_SEED=${seed}: ${evidence.rows.size} jobs, ${killer.kills} kills, ` +
      `${hits.kills} of them in the middle of ${hits.runs} jobs, ${duplicates} external duplicates, ` +
      `${killer.spared} looks at a third start that was spared, ${Math.round(tookMs / 1_000)} s\n`,
  );
}

describe('four worker processes, one of them killed every second or so', () => {
  test('keep every promise over 5,000 jobs', () => {
    expect(briefly(judge(evidence))).toEqual([]);
  });

  test('write nothing to a job that was sent', () => {
    expect(briefly(rewritten)).toEqual([]);
  });

  test('die only when they are killed', () => {
    const ownDeaths = evidence.journal.filter((line) => line.kind === 'died' && line.by !== 'test');
    expect(ownDeaths).toEqual([]);
  });

  /** What must have been there, or nothing was proved. */
  test('were hit often, and where it hurts', () => {
    expect(evidence.load.jobs).toHaveLength(SIZE.jobs);
    expect(new Set(evidence.load.jobs.map(({ line }) => line)).size).toBe(SIZE.lines + 1);
    expect(new Set(evidence.load.jobs.map(({ job }) => job.orgId)).size).toBe(SIZE.tenants);
    expect(killer.kills).toBeGreaterThanOrEqual(20);
    expect(countHits(evidence).kills).toBeGreaterThanOrEqual(10);
    expect(judgeDuplicates(evidence).duplicates).toBeGreaterThanOrEqual(10);
  });
});
