import { beforeAll, describe, expect, test } from '@jest/globals';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { jobId } from '../../functions/src/outbox/index.ts';
import { Crowd } from './crowd.ts';
import { toPlan } from './load.ts';

const QUIET_TENANTS = 50;
const BACKLOG = 20_000;
/** Ticks in and after which quiet tenants go on emitting, and after those, how long one is waited for. */
const EMITTING_TICKS = 3;
const PATIENCE_TICKS = 4;
/** What three noisy tenants have at least, still, at the end of the last tick. */
const LEFT_SHARE = 0.75;

const firestore = openEmulatorFirestore();
/** When a quiet tenant's job was emitted. */
type When = 'before' | 'during' | 'between';

/** The ticks that the slowest job of a kind waited for: 1 is the first that began after it was emitted. */
type Slowest = Record<When, number>;

interface Played {
  readonly slowest: Slowest;
  readonly ticks: number;
  readonly left: number;
  readonly mistakes: number;
  /** What the longest tick took of its 88 s. */
  readonly longestMs: number;
  readonly seconds: number;
}

interface Emitted {
  readonly id: string;
  readonly when: When;
  readonly tick: number;
}

/** Quiet tenants emit a job each before, while and after noisy tenants' older backlogs are worked on. */
async function play(noisyTenants: number): Promise<Played> {
  const startMs = performance.now();
  const crowd = await Crowd.open(firestore);
  const emitted: Emitted[] = [];
  const emitQuiet = async (when: When): Promise<void> => {
    const tick = crowd.ticks;
    const jobs = Array.from({ length: QUIET_TENANTS }, (_, n) =>
      mail(`quiet${n}`, `${when}-${tick}`),
    );
    await crowd.emit(jobs, new Date(Date.now() - 1));
    emitted.push(...jobs.map((job) => ({ id: jobId(job), when, tick })));
  };
  const dueSince = new Date(Date.now() - 600_000);
  for (let noisy = 0; noisy < noisyTenants; noisy += 1) {
    const jobs = Array.from({ length: BACKLOG }, (_, n) => mail(`noisy${noisy}`, `event${n}`));
    await crowd.emit(jobs, dueSince);
  }
  await emitQuiet('before');
  let longestMs = 0;
  const isDone = (): boolean => emitted.every(({ id }) => crowd.sentIn.has(id));
  while (crowd.ticks < EMITTING_TICKS || !isDone()) {
    if (crowd.ticks === EMITTING_TICKS + PATIENCE_TICKS) break;
    const isEmitting = crowd.ticks < EMITTING_TICKS;
    const tookMs = await crowd.tick(async () => (isEmitting ? emitQuiet('during') : undefined));
    longestMs = Math.max(longestMs, tookMs);
    if (isEmitting) await emitQuiet('between');
  }
  const waits = emitted.map(({ id, when, tick }) => ({
    when,
    ticks: (crowd.sentIn.get(id) ?? Infinity) - tick,
  }));
  return {
    slowest: slowestOf(waits),
    ticks: crowd.ticks,
    left: crowd.index.size,
    mistakes: await crowd.index.countMistakes(firestore),
    longestMs,
    seconds: Math.round((performance.now() - startMs) / 1_000),
  };
}

function mail(orgId: string, causeId: string) {
  return toPlan({ jobType: 'mail', orgId, causeId }).job;
}

function slowestOf(waits: readonly { readonly when: When; readonly ticks: number }[]): Slowest {
  const most = (kind: When): number =>
    Math.max(...waits.filter(({ when }) => when === kind).map(({ ticks }) => ticks));
  return { before: most('before'), during: most('during'), between: most('between') };
}

function report(name: string, { slowest, ticks, left, longestMs, seconds }: Played): void {
  const { before, during, between } = slowest;
  process.stdout.write(
    `${name}: the slowest quiet job needed ${before} ticks where it was there before, ` +
      `${during} emitted in a tick, ${between} between two; ` +
      `${left} rows are due after ${ticks} ticks, ` +
      `of which the longest took ${Math.round(longestMs / 1_000)} s of its own; ${seconds} s\n`,
  );
}

describe('a job of a quiet tenant', () => {
  let idle: Played;

  beforeAll(async () => {
    idle = await play(0);
    report('idle system', idle);
  });

  test('is sent by the next tick of an idle system', () => {
    expect(idle).toMatchObject({ left: 0, mistakes: 0 });
    expect(Math.max(...Object.values(idle.slowest))).toBe(1);
  });

  test.each([1, 3])(
    `waits one tick longer at most while %i tenants have ${BACKLOG} due jobs each`,
    async (noisyTenants) => {
      const played = await play(noisyTenants);
      report(`${noisyTenants} of ${BACKLOG} due jobs`, played);
      // The backlog was there all along, and the due pages were what the database would have answered.
      expect(played.left).toBeGreaterThan(noisyTenants * BACKLOG * LEFT_SHARE);
      expect(played.mistakes).toBe(0);
      const { before, during, between } = idle.slowest;
      expect(played.slowest.before).toBeLessThanOrEqual(before + 1);
      expect(played.slowest.during).toBeLessThanOrEqual(during + 1);
      expect(played.slowest.between).toBeLessThanOrEqual(between + 1);
    },
    300_000,
  );
});
