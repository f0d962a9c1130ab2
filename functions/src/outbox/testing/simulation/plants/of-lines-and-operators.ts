import type { Plant } from './plant-type.ts';

const transitions = 'model/transitions.ts';
const runJob = 'processor/run-job.ts';

/** Operators at one line, which is at work all the time. */
const regaining = {
  streamShare: 1,
  streams: 1,
  operations: 40,
  permanentShare: 0.5,
  latencyMs: 150,
};

/** Bugs in lines, releases, redrives, cancels, slots and pauses. */
export const PLANTS_OF_LINES_AND_OPERATORS: readonly Plant[] = [
  {
    name: 'children that do not wait for their turn',
    file: 'processor/children.ts',
    find: ' || job.place !== undefined',
    put: '',
    scenario: { streamShare: 0.8, fanOut: 6 },
  },
  {
    name: 'whoever is due runs, head or not',
    file: 'processor/page.ts',
    find: "if (row.kind === 'job' && key !== undefined) {",
    put: "if (row.kind === 'job' && key === 'none') {",
  },
  {
    name: 'the next in line is not asked for after a success',
    file: 'processor/line.ts',
    find: 'while (mayRun(worker, head, visited)) {',
    put: 'while (visited.size === 0 && mayRun(worker, head, visited)) {',
    scenario: { streamShare: 1, streams: 1, events: 8, maxWorkers: 0 },
  },
  {
    name: 'a dead letter does not keep its place',
    file: transitions,
    find: ': { ...job, heldBy: undefined, blocking: true };',
    put: ': withoutPlace(job);',
    scenario: { streamShare: 1, permanentShare: 0.5 },
  },
  {
    name: 'whoever waits in line forgets the time it was asked for',
    file: transitions,
    find: 'const dueMs = Math.max(untilMs, job.openedAt);',
    put: 'const dueMs = untilMs;',
    scenario: { ...regaining, delayShare: 0.6 },
  },
  {
    name: 'whoever is first in line again is run before its time',
    file: 'model/ordering.ts',
    find: 'head.openedAt <= nowMs;',
    put: 'head.openedAt > 0;',
    scenario: { ...regaining, delayShare: 0.6 },
  },
  {
    name: 'a hold without a due time',
    file: transitions,
    find: 'return { ...pushBack(job, dueMs, job.unroutableSince), heldBy };',
    put: 'return { ...pushBack(job, dueMs, job.unroutableSince), nextAttemptAt: undefined, heldBy };',
  },
  {
    name: 'a release that spends an attempt',
    file: transitions,
    find: 'attempts: claimed.attempts - 1,',
    put: 'attempts: claimed.attempts,',
  },
  {
    name: 'a release that clears the crashes',
    file: transitions,
    find: 'attempts: claimed.attempts - 1,',
    put: 'crashes: 0, attempts: claimed.attempts - 1,',
    scenario: { killShare: 0.05, stopShare: 0.05, latencyMs: 150 },
  },
  {
    name: 'a handler started although its lease will not last',
    file: runJob,
    find: 'return leftMs >= needsMs && hasTimeFor(worker, handler);',
    put: 'return leftMs >= needsMs || hasTimeFor(worker, handler);',
  },
  {
    name: 'a redrive that keeps the attempts',
    file: transitions,
    find: 'attempts: 0,\n    crashes: job.failure',
    put: 'crashes: job.failure',
  },
  {
    name: 'a redrive that forgets what was poison',
    file: transitions,
    find: "crashes: job.failure?.reason === 'poison' ? 1 : 0,",
    put: 'crashes: 0,',
    scenario: { killerShare: 0.6, operations: 40, events: 8 },
  },
  {
    name: 'a cancelled job that keeps its place',
    file: transitions,
    find: "...withoutPlace(job),\n    ...afterLostRun(job),\n    status: 'cancelled'",
    put: "...job,\n    ...afterLostRun(job),\n    status: 'cancelled'",
    scenario: { streamShare: 1, operations: 10 },
  },
  {
    name: 'a regained place that fences nobody',
    file: 'dead-letters/redrive.ts',
    find: 'moves: [opened, waiting]',
    put: 'moves: [opened]',
    scenario: regaining,
  },
  {
    name: 'a job that is opened before it stands in line',
    file: 'dead-letters/redrive.ts',
    find: 'return regainPlace ? regain(store, row, place) :',
    put: 'return regainPlace ? openInLine(store, { ...row, job: { ...job, ...place } }) :',
    // Slow enough for two operators to meet.
    scenario: {
      ...regaining,
      operations: 60,
      permanentShare: 0.6,
      latencyMs: 400,
      ticks: 3,
      fanOut: 0,
    },
  },
  {
    name: 'draining slots are not read',
    file: 'model/slots.ts',
    find: "'draining' in table ? table.draining : []",
    put: '[]',
    scenario: { slotChanges: 3 },
  },
  {
    name: 'a slot no longer read while a dead letter is in it',
    file: 'repair/repair-rows.ts',
    find: "data['status'] !== 'sent' &&",
    put: "data['status'] !== 'sent' && data['status'] !== 'failed' && data['status'] !== 'cancelled' &&",
    scenario: { slotChanges: 3, operations: 40, permanentShare: 0.5 },
  },
  {
    name: 'children started under a pause',
    file: 'processor/children.ts',
    find: 'pauseOf(job, pauses) === undefined &&',
    put: 'pauses !== undefined &&',
    scenario: { pauses: 6 },
  },
  {
    name: 'a pause that the fast path does not hear of',
    file: 'processor/controls-cache.ts',
    find: 'KEEP_MS = 10 * SECOND_MS',
    put: 'KEEP_MS = 10_000 * SECOND_MS',
    scenario: { pauses: 6 },
  },
  {
    name: 'a resume that leaves a row behind',
    file: 'processor/resume-paused.ts',
    find: 'if (rows.length === 0) {',
    put: 'if (rows.length <= 1) {',
    scenario: { pauses: 6 },
  },
];
