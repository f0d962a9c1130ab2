import type { Plant } from './plant-type.ts';

const runBatch = 'processor/run-batch.ts';
const callSink = 'processor/call-sink.ts';
const callWorkers = 'processor/call-workers.ts';

/** Much that may be sent together, and nobody who runs it one by one before. */
const batches = { batchShare: 1, triggerLossShare: 1, pageSize: 20, maxWorkers: 0 };
const badSinks = { sinkOutages: 4, breakerFailures: 1, failShare: 0.3 };
const backlogs = { maxWorkers: 3, pageSize: 2, triggerLossShare: 1, slots: 8, maxJobsPerRun: 500 };

/** Bugs in batches, circuits, calls of workers, delays, dead letters' writes, and in how an instance ends. */
export const PLANTS_OF_CALLS_AND_SINKS: readonly Plant[] = [
  {
    name: 'what was tried before goes together with others',
    file: runBatch,
    find: 'job.attempts === 0 && job.crashes === 0;',
    put: 'job.attempts >= 0;',
    scenario: { ...batches, failShare: 0.4 },
  },
  {
    name: 'a batch larger than its handler takes',
    file: runBatch,
    find: 'const size = handler.maxBatchSize;',
    put: 'const size = handler.maxBatchSize + 1;',
    scenario: batches,
  },
  {
    name: 'a batch with one job twice',
    file: runBatch,
    find: "const claimed = claims.filter((one) => typeof one !== 'string');",
    put: "const claimed = claims.filter((one) => typeof one !== 'string').map((one, n, all) => all[n - (n % 2)] ?? one);",
    scenario: batches,
  },
  {
    name: 'outcomes of a batch settled one job further on',
    file: runBatch,
    find: 'outcomes[index];',
    put: 'outcomes[(index + 1) % outcomes.length];',
    scenario: { ...batches, failShare: 0.4 },
  },
  {
    name: 'too few outcomes taken for success',
    file: 'processor/attempt.ts',
    find: 'if (told.length === jobs.length && outcomes.length === jobs.length)',
    put: 'if (told.length <= jobs.length)',
    scenario: { ...batches, shortAnswerShare: 0.3 },
  },
  {
    name: 'a batch that throws fails only its first',
    file: 'processor/attempt.ts',
    find: 'jobs.map(() => outcome);',
    put: 'jobs.map((_, index) => (index === 0 ? outcome : SUCCESS));',
    scenario: { ...batches, chokeShare: 0.3 },
  },
  {
    name: 'an open circuit spends an attempt',
    file: callSink,
    find: "return call === 'open' ? 'open' : { outcome: call.outcome, effects: undefined };",
    put: "return { outcome: call === 'open' ? { kind: 'failure', code: 'open', message: 'open' } : call.outcome, effects: undefined };",
    scenario: badSinks,
  },
  {
    name: 'an open circuit spends the attempts of a batch',
    file: callSink,
    find: "return call === 'open' ? 'open' : call.outcomes;",
    put: "return call === 'open' ? jobs.map(() => ({ kind: 'failure', code: 'open', message: 'open' })) : call.outcomes;",
    scenario: { ...batches, ...badSinks },
  },
  {
    name: 'a failed probe spends an attempt',
    file: callSink,
    find: "if (outcome.kind !== 'failure' && outcome.kind !== 'unknown') return outcome;",
    put: "if (outcome.kind !== 'unknown') return outcome;",
    scenario: badSinks,
  },
  {
    name: 'a failed probe sends again what may not be sent twice',
    file: callSink,
    find: "handler.onUnknownOutcome === 'park'",
    put: 'handler.policy === undefined',
    scenario: { ...badSinks, hangShare: 0.4 },
  },
  {
    name: 'a job as old as it may be is never dead while its sink is left alone',
    file: 'model/pickup.ts',
    find: 'if (untilMs <= job.openedAt + policy.maxAgeMs) return',
    put: 'if (untilMs > job.openedAt) return',
    scenario: { sinkOutages: 4, breakerFailures: 1, failShare: 3 },
  },
  {
    name: 'dead at once because its sink is left alone',
    file: 'model/pickup.ts',
    find: 'if (untilMs <= job.openedAt + policy.maxAgeMs) return',
    put: 'if (untilMs <= job.openedAt) return',
    scenario: badSinks,
  },
  {
    name: 'a tick that hands off the slots it keeps, and keeps those it hands off',
    file: callWorkers,
    find: 'return [...own, ...(await Promise.all(left)).flat()];',
    put: 'await Promise.all(left); return others.flat();',
    scenario: backlogs,
  },
  {
    name: 'a tick that keeps nothing, and calls by ids that were used before',
    file: 'processor/scale-out.ts',
    find: 'const id = hashParts(`${sinceMs}`, `${untilMs}`, ',
    put: 'const id = hashParts(',
    scenario: backlogs,
  },
  {
    name: 'a tick that comes after the next one, and calls by the ids of its first time',
    file: 'processor/scale-out.ts',
    find: '`${untilMs}`, ',
    put: '',
    scenario: { ...backlogs, ticks: 8, batchShare: 1, events: 8, tickLossShare: 0, minutes: 12 },
  },
  {
    name: 'workers that are called for nobody’s slots',
    file: callWorkers,
    find: 'const task = { slots: share, sinceMs: tickAtMs, untilMs, hop: 0 };',
    put: 'const task = { slots: own, sinceMs: tickAtMs, untilMs, hop: 0 };',
    scenario: backlogs,
  },
  {
    name: 'a worker that does not come to the end calls nobody',
    file: 'processor/work-task.ts',
    find: 'if (!isOver && worker',
    put: 'if (!isOver && hop < 0 && worker',
    scenario: { ...backlogs, maxJobsPerRun: 5, batchShare: 1, events: 8 },
  },
  {
    name: 'a worker that comes when nothing is left of its time',
    file: 'processor/sweep.ts',
    find: '(scope.untilMs ?? Infinity)',
    put: '((scope.untilMs ?? Infinity) - 120_000)',
    scenario: backlogs,
  },
  {
    name: 'more workers than there may be',
    file: callWorkers,
    find: 'shareSlots(slots, scaleOut.maxWorkers + 1)',
    put: 'shareSlots(slots, scaleOut.maxWorkers + 5)',
    scenario: { ...backlogs, maxWorkers: 1 },
  },
  {
    name: 'nobody called to a retry',
    file: 'processor/settle-run.ts',
    find: "if (settlement.kind === 'retry')",
    put: "if (settlement.kind === 'retry' && settlement.atMs < nowMs)",
    scenario: { maxWorkers: 3, failShare: 0.4 },
  },
  {
    name: 'a worker called before the retry is due',
    file: callWorkers,
    find: 'Math.ceil(dueMs / WAKE_UP_EVERY_MS)',
    put: 'Math.floor(dueMs / WAKE_UP_EVERY_MS)',
    scenario: { maxWorkers: 3, failShare: 0.4 },
  },
  {
    name: 'a time to wait for that is ignored',
    file: 'record/record-job.ts',
    find: 'const dueAt = job.notBefore ?? SERVER_TIME;',
    put: 'const dueAt = SERVER_TIME;',
    scenario: { delayShare: 0.5 },
  },
  {
    name: 'a child with a time of its own is begun at once',
    file: 'processor/children.ts',
    find: 'job.notBefore !== undefined || ',
    put: '',
    scenario: { delayShare: 0.5 },
  },
  {
    name: 'bulk work among the rest',
    file: 'record/record-job.ts',
    find: "priority === 'bulk' ?",
    put: 'priority === undefined && place === undefined && false ?',
    scenario: { bulkShare: 0.5 },
  },
  {
    name: 'a dead letter without what is wanted beside it',
    file: 'processor/write-end.ts',
    find: 'if (beside !== undefined) {',
    put: 'if (beside !== undefined && beside.writes.length > 5) {',
  },
  {
    name: 'no dead letter where what is wanted beside it is refused',
    file: 'processor/write-end.ts',
    find: "if (settled.kind === 'lost') return 'lost';",
    put: "return 'written';",
    scenario: { permanentShare: 0.5, unknownShare: 0 },
  },
  {
    name: 'poison without what is wanted beside it',
    file: 'processor/visit.ts',
    find: 'const written = await writeEnd(worker, { fence, next }, handler);',
    put: 'const written = await writeEnd(worker, { fence, next }, undefined);',
    scenario: { killerShare: 0.5 },
  },
  {
    name: 'an instance that is to end begins what it has claimed',
    file: 'processor/worker.ts',
    find: 'stopping?.aborted === true ? 0 :',
    put: 'stopping === undefined ? 0 :',
    scenario: { stopShare: 0.05 },
  },
  {
    name: 'an instance that is to end keeps what it has claimed',
    file: 'processor/run-job.ts',
    find: 'return [await giveBack(worker, row, { nowMs, dueAtMs: nowMs })];',
    put: "return worker.stopping?.aborted === true ? ['released'] : [await giveBack(worker, row, { nowMs, dueAtMs: nowMs })];",
    scenario: { stopShare: 0.05 },
  },
  {
    name: 'what an ending instance gives back has spent an attempt',
    file: 'processor/settle-run.ts',
    find: 'release(job, at));',
    put: 'worker.stopping?.aborted === true ? { ...release(job, at), attempts: job.attempts } : release(job, at));',
    scenario: { stopShare: 0.05 },
  },
];
