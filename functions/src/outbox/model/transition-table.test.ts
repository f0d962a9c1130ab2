import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { recordPendingJob, startNewJob } from '../record/record-job.ts';
import { aChild, aRun, aWriter, T0 } from '../testing/factories.ts';
import { jobsOfEveryKind } from '../testing/jobs-of-every-kind.ts';
import type { OutboxJob } from './job.ts';
import { FAILURE_REASONS, JOB_STATUSES } from './job.ts';
import type { Whereabouts } from './transition-table.ts';
import { TRANSITIONS } from './transition-table.ts';
import * as transitions from './transitions.ts';

const { startRun, endRun, failWithoutRun } = transitions;
const handlers = [
  aWriter(),
  aWriter({ ordered: { onDeadLetter: 'block' } }),
  aWriter({ ordered: { onDeadLetter: 'pass-over' } }),
];
const place = { orderingKey: 'notif:line', sequence: 7 };

function everyEnd(job: OutboxJob): OutboxJob[] {
  const failed = FAILURE_REASONS.map((reason) => ({ kind: 'failed', reason }) as const);
  const retries = [true, false].map(
    (spendsAttempt) => ({ kind: 'retry', atMs: T0 + 1, spendsAttempt }) as const,
  );
  const settlements = [{ kind: 'sent' } as const, ...failed, ...retries];
  const ended = { outcome: { kind: 'success' }, nowMs: T0, keepSentMs: 1 } as const;
  return handlers.flatMap((handler) =>
    settlements.map((settlement) => endRun(job, handler, { settlement, ...ended })),
  );
}

/** Everything that each function can make of a job. */
const made: Record<keyof typeof transitions, (job: OutboxJob) => OutboxJob[]> = {
  startRun: (job) => [startRun(job, aRun())],
  endRun: everyEnd,
  failWithoutRun: (job) =>
    [undefined, ...handlers].flatMap((handler) =>
      FAILURE_REASONS.map((reason) =>
        failWithoutRun(job, handler, { reason, message: 'why', nowMs: T0 }),
      ),
    ),
  pushBack: (job) => [transitions.pushBack(job, T0), transitions.pushBack(job, T0, T0)],
  pause: (job) => [transitions.pause(job, 'org:org1')],
  resume: (job) => [transitions.resume(job, T0)],
  moveToSlot: (job) => [transitions.moveToSlot(job, 1_000)],
  hold: (job) => [transitions.hold(job, T0, 'other')],
  release: (job) => [transitions.release(job, { nowMs: T0, dueAtMs: T0 })],
  redrive: (job) => [transitions.redrive(job, T0)],
  standInLine: (job) => [transitions.standInLine(job, place)],
  leaveLine: (job) => [transitions.leaveLine(job)],
  cancel: (job) => [transitions.cancel(job)],
  withoutDueTime: (job) => [transitions.withoutDueTime(job)],
};

const creating = ['recordPendingJob', 'startNewJob'];
/** What the engine's own tests see happen: no function of the model has a part in it. */
const elsewhere = ['repairRows', 'park', 'expireAt', 'planPurge'];

function waysOf(by: string): string[] {
  const own = TRANSITIONS.filter((transition) => transition.by === by);
  return [...new Set(own.map(({ from, to }) => `${from} → ${to}`))].toSorted();
}

describe('the table of transitions', () => {
  test('names every function that makes one, and no other', () => {
    const named = new Set(TRANSITIONS.flatMap(({ by }) => by.split(', ')));
    const functions = Object.entries(transitions).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    );
    expect(functions.length).toBeGreaterThan(10);
    expect([...named].toSorted()).toEqual([...functions, ...creating, ...elsewhere].toSorted());
    expect(Object.keys(made).toSorted()).toEqual(functions.toSorted());
  });

  const byFunctions = [...new Set(TRANSITIONS.map(({ by }) => by))].filter(
    (by) => ![...creating, ...elsewhere].includes(by),
  );
  test.each(byFunctions)('says exactly what comes of %s, by what jobs it is used on', (by) => {
    const jobs = jobsOfEveryKind();
    expect(new Set(jobs.map(({ status }) => status)).size).toBe(JOB_STATUSES.length);
    const from = new Set<Whereabouts>(
      TRANSITIONS.filter((transition) => transition.by === by).map((transition) => transition.from),
    );
    const steps = by.split(', ') as (keyof typeof transitions)[];
    const ways = jobs
      .filter(({ status }) => from.has(status))
      .flatMap((job) => {
        const ends = steps.reduce((before, step) => before.flatMap(made[step]), [job]);
        return ends.map(({ status }) => `${job.status} → ${status}`);
      });
    expect([...new Set(ways)].toSorted()).toEqual(waysOf(by));
  });

  test('says what new rows are', () => {
    const slots = { normal: 8, bulk: 4 };
    const recorded = recordPendingJob(aChild(), { slots, maxAttempts: 5 });
    expect(recorded).toMatchObject({ kind: 'create', data: { status: 'pending' } });
    expect(startNewJob(aChild(), aWriter(), slots, aRun()).status).toBe('processing');
    expect(waysOf('recordPendingJob')).toEqual(['absent → pending']);
    expect(waysOf('startNewJob')).toEqual(['absent → processing']);
  });

  test('lets only sent rows be deleted: no other has a time to go', () => {
    const open = jobsOfEveryKind().filter(({ status }) => status !== 'sent');
    const results = open.flatMap((job) => Object.values(made).flatMap((make) => make(job)));
    expect(results.length).toBeGreaterThan(500);
    for (const { status, expireAt } of results)
      expect(expireAt !== undefined).toBe(status === 'sent');
  });
});

/** The lines of the diagram in a page, as they stand there. */
function diagramIn(page: string): string {
  const text = readFileSync(new URL(page, import.meta.url), 'utf8');
  const [, diagram] = /```mermaid\nstateDiagram-v2\n([^`]*)```/.exec(text) ?? [];
  if (diagram === undefined) throw new Error(`${page} has no diagram of states.`);
  return diagram;
}

/** A diagram has no state for what is not there: a life begins and ends at `[*]`. */
function drawn(): string[] {
  const labels = new Map<string, string[]>();
  for (const { from, to, cause } of TRANSITIONS) {
    const arrow = [from, to].map((end) => (end === 'absent' ? '[*]' : end)).join(' --> ');
    labels.set(arrow, [...new Set([...(labels.get(arrow) ?? []), cause])]);
  }
  return [...labels].map(([arrow, causes]) => `  ${arrow}: ${causes.join(', ')}`);
}

test('the README names every reason there is for a dead letter', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const reason of FAILURE_REASONS) expect(readme).toContain(`\`${reason}\``);
});

describe('the diagram of states', () => {
  test('in the README has the arrows of the table, all of them and no other', () => {
    const lines = diagramIn('../README.md')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.toSorted()).toEqual(drawn().toSorted());
    expect(lines.length).toBeGreaterThan(15);
  });

  test('is the same in the page on the life of a job', () => {
    const page = '../../../../docs/explanation/life-of-a-job.md';
    expect(diagramIn(page)).toBe(diagramIn('../README.md'));
  });
});
