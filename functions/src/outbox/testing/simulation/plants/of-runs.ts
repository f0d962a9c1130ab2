import type { Plant } from './plant-type.ts';

const memory = 'memory/memory-store.ts';
const transitions = 'model/transitions.ts';
const pickup = 'model/pickup.ts';

/** Bugs in how a job is claimed, run, settled and found. */
export const PLANTS_OF_RUNS: readonly Plant[] = [
  {
    name: 'a claim without a precondition',
    file: memory,
    find: 'documents.commit([moveOf({ fence, next })]);',
    put: "documents.commit([next.status === 'processing' ? { write: moveOf({ fence, next }).write } : moveOf({ fence, next })]);",
  },
  {
    name: 'a settle without the fence',
    file: memory,
    find: 'documents.commit([moveOf({ fence, next })]);',
    put: "documents.commit([next.status === 'processing' ? moveOf({ fence, next }) : { write: moveOf({ fence, next }).write }]);",
  },
  {
    name: 'effects written without the fence',
    file: memory,
    find: 'if (documents.get(pathOf(next.id))?.version !== versionOf(fence)) {',
    put: 'fence = fenceOf(documents.get(pathOf(next.id))?.version ?? 0); if (false) {',
  },
  {
    name: 'children taken over without looking whose they are',
    file: memory,
    find: "row?.kind === 'job' && row.job.runId === job.runId ?",
    put: "row?.kind === 'job' ?",
  },
  {
    name: 'a refused write of our own taken for a lost lease',
    file: 'model/landed.ts',
    find: 'if (stored === undefined) return false;',
    put: 'if (stored !== next) return false;',
    scenario: { repeatShare: 0.3 },
  },
  {
    name: 'a lease shorter than the handler may take',
    file: 'processor/children.ts',
    find: 'leaseEndsAtMs: startedAtMs + worker.settings.leaseMs,',
    put: 'leaseEndsAtMs: startedAtMs + 10_000,',
  },
  {
    name: 'a claim without a due time',
    file: transitions,
    find: 'nextAttemptAt: run.leaseEndsAtMs,',
    put: 'nextAttemptAt: undefined,',
  },
  {
    name: 'a due time that never comes',
    file: 'model/retry-policy.ts',
    find: 'Math.min(policy.maxMs, ',
    put: 'Math.max(policy.maxMs * 1_000, ',
  },
  {
    name: 'a takeover that spends an attempt',
    file: transitions,
    find: 'takenOver ? job.attempts : job.attempts + 1',
    put: 'job.attempts + 1',
  },
  {
    name: 'a takeover that is not counted as a crash',
    file: transitions,
    find: 'crashes: takenOver ? job.crashes + 1 : job.crashes,\n    runs',
    put: 'crashes: job.crashes,\n    runs',
  },
  {
    name: 'an end that does not clear the crashes',
    file: transitions,
    find: 'crashes: 0,\n    lease',
    put: 'lease',
  },
  {
    name: 'poison never refused',
    file: pickup,
    find: 'CRASHES_BEFORE_POISON = 2',
    put: 'CRASHES_BEFORE_POISON = 200',
  },
  {
    name: 'poison after two crashes',
    file: pickup,
    find: 'CRASHES_BEFORE_POISON = 2',
    put: 'CRASHES_BEFORE_POISON = 1',
  },
  {
    name: 'suspects run beside others',
    file: pickup,
    find: "return job.crashes > 0 || job.status === 'processing';",
    put: 'return false;',
  },
  {
    name: 'retry-after spends an attempt',
    file: 'model/settlement.ts',
    find: 'spendsAttempt: false,\n      });',
    put: 'spendsAttempt: true,\n      });',
  },
  {
    name: 'a job nobody knows is forgotten to be counted',
    file: 'model/unroutable.ts',
    find: 'const unroutableSince = job.unroutableSince ?? nowMs;',
    put: 'const unroutableSince = nowMs;',
    scenario: { unknownShare: 0.3 },
  },
  {
    name: 'a job nobody knows stays in front',
    file: 'model/unroutable.ts',
    find: 'untilMs: nowMs + UNROUTABLE_CHECK_MS',
    put: 'untilMs: nowMs',
    scenario: { unknownShare: 0.3 },
  },
  {
    name: 'a sink called without a claim',
    file: 'processor/fast-path.ts',
    find: "pickup.handler.kind === 'transactional'",
    put: 'pickup.handler.kind !== undefined',
  },
  {
    name: 'retries run before they are due',
    file: 'model/ordering.ts',
    find: 'const isDue = head.nextAttemptAt <= nowMs;',
    put: 'const isDue = true;',
  },
  {
    name: 'old rows never looked for',
    file: 'processor/sweep.ts',
    find: 'return last === undefined || elapsedMs - last > FROM_ZERO_EVERY_MS;',
    put: 'return false;',
  },
  {
    name: 'pages that skip',
    file: 'processor/paging.ts',
    find: 'nextFromMs: isFull ? (lastDueMs ?? asked.fromMs) : undefined,',
    put: 'nextFromMs: isFull ? (lastDueMs ?? asked.fromMs) + 60_000 : undefined,',
  },
  {
    name: 'a handler that may hang for ever',
    file: 'processor/attempt.ts',
    find: 'await Promise.race([run({ time, signal: abort.signal }), timeout])',
    put: 'await run({ time, signal: abort.signal })',
  },
  {
    name: 'a sink that cannot take a duplicate gets one',
    file: pickup,
    find: "handler?.kind === 'external' && handler.onUnknownOutcome === 'park'",
    put: 'handler?.policy === undefined',
    scenario: { killShare: 0.06 },
  },
];
