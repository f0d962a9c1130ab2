import { describe, expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import type { Effects } from '#outbox';
import { PermanentError, UnroutableError } from '#outbox';
import { aJob } from '../outbox/testing/factories.ts';
import type { Operation } from './operation.ts';
import { operationOf } from './operation.ts';
import type { AnyOperationKind } from './operation-kind.ts';
import { createStepHandler, holdsSteps, stepJob } from './step-handler.ts';
import { anOperation } from './testing/an-operation.ts';

const CONTEXT = { time: undefined as never, signal: new AbortController().signal };

const DONE = { seen: 0, done: 0, reads: 1, cursor: undefined };

/** What makes steps of this operation; `isUnknown`: by code that does not know its kind. */
function aHandler(
  data: Omit<Operation, 'id'>,
  stepOf: AnyOperationKind['step'],
  about: { readonly isUnknown?: true; readonly changesAsItLooks?: true } = {},
) {
  const { isUnknown, ...said } = about;
  const kind: AnyOperationKind = {
    kind: data.kind,
    params: { parse: (params: unknown) => params } as never,
    estimate: () => Promise.resolve(undefined),
    step: stepOf,
    ...said,
  };
  return createStepHandler({
    reader: { get: (path) => Promise.resolve({ path, data, readAtMs: 0 }) },
    kinds: new Map(isUnknown ? [] : [[kind.kind, kind]]),
    clock: { elapsedMs: () => 0, wait: () => Promise.resolve() },
  });
}

/** Makes the step that is due of an operation, by this kind. */
async function make(
  said: Partial<Operation>,
  stepOf: AnyOperationKind['step'] = () => Promise.reject(new Error('It looks at nothing.')),
  about: Parameters<typeof aHandler>[2] = {},
): Promise<Effects> {
  const { id, ...data } = anOperation(said);
  const handler = aHandler(data, stepOf, about);
  const { payload } = stepJob(anOperation({ id }), data.step);
  return handler.handle(aJob({ payload }), CONTEXT);
}

/** The server’s times are not there yet. */
const UNTIMED = { updatedAt: new Date(0), endedAt: undefined };

/** An operation after what a step wrote, while somebody wrote something else. */
function after({ writes }: Effects, before: Operation, meanwhile: Partial<Operation>): unknown {
  const [write] = writes;
  const written = write?.kind === 'update' ? write.data : {};
  const { id, ...data } = { ...before, ...meanwhile, ...written, ...UNTIMED };
  return operationOf(id, data)?.state;
}

describe('a step of an operation that is to stop', () => {
  test('leaves to operators how it is stopped, also at the last moment', async () => {
    const pausing = anOperation({ wanted: 'paused' });
    const effects = await make(pausing);
    expect(effects.jobs).toEqual([]);
    expect(after(effects, pausing, {})).toBe('paused');
    expect(after(effects, pausing, { wanted: 'cancelled' })).toBe('cancelled');
  });
});

describe('a step that fails', () => {
  test.each(['bad-cursor', 'event-unreadable', 'failed-precondition'] as const)(
    'with %s is not tried again',
    async (code) => {
      const made = make({}, () => Promise.reject(new CodedError(code, 'No.')));
      await expect(made).rejects.toBeInstanceOf(PermanentError);
      await expect(made).rejects.toMatchObject({ code, message: 'No.' });
    },
  );

  test.each([
    ['meets others', new CodedError('contention', 'Others were quicker.')],
    ['finds the database away', new Error('It is away.')],
  ])('because it %s is tried again', async (_, error) => {
    await expect(make({}, () => Promise.reject(error))).rejects.toBe(error);
  });
});

test('a dry run writes nothing but the operation', async () => {
  const result = {
    seen: 1,
    done: 1,
    reads: 1,
    cursor: undefined,
    writes: [{ kind: 'delete', path: 'outbox/job1' } as const],
  };
  const { writes } = await make({ dryRun: true }, () => Promise.resolve(result));
  const own = ['operations/operation1', 'audit_log/operation1~end'];
  expect(writes.map(({ path }) => path)).toEqual(own);
  const real = await make({}, () => Promise.resolve(result));
  expect(real.writes.map(({ path }) => path)).toEqual(['outbox/job1', ...own]);
});

describe('the commit that ends an operation has its entry in the audit log, and the job that sends it', () => {
  const about = {
    id: 'operation1~end',
    by: 'operations',
    action: 'operation.end',
    target: 'operation1',
    correlationId: 'request1',
  };
  const sending = {
    jobType: 'audit',
    orgId: '_platform',
    causeId: 'operation1~end',
    payload: { auditId: 'operation1~end' },
    metadata: { correlationId: 'request1' },
  };
  const entryIn = (writes: Effects['writes']): unknown =>
    writes.flatMap((write) =>
      write.path === 'audit_log/operation1~end' && write.kind === 'set' ? [write.data] : [],
    )[0];

  test('when it is done, with its counts', async () => {
    const result = { ...DONE, seen: 2, done: 1, skipped: { busy: 1 } };
    const { writes, jobs } = await make({ seen: 5, done: 5 }, () => Promise.resolve(result));
    const counts = { seen: 7, done: 6, skipped: { busy: 1 } };
    expect(entryIn(writes)).toMatchObject({ ...about, outcome: 'done', ...counts });
    expect(jobs).toEqual([sending]);
  });

  test('and no other has', async () => {
    const { writes, jobs } = await make({}, () => Promise.resolve({ ...DONE, cursor: 'c1' }));
    expect(entryIn(writes)).toBeUndefined();
    expect(jobs.map(({ jobType }) => jobType)).toEqual(['operation']);
    const paused = await make({ wanted: 'paused' });
    expect(entryIn(paused.writes)).toBeUndefined();
    expect(paused.jobs).toEqual([]);
  });

  test.each<[Partial<Operation>, object]>([
    [
      { wanted: 'cancelled', seen: 3 },
      { outcome: 'cancelled', seen: 3 },
    ],
    [
      { reads: 9, maxOperations: 9, done: 4 },
      { outcome: 'failed', reason: expect.stringMatching(/^ceiling-reached: /), done: 4 },
    ],
  ])('when a step finds %j', async (said, entry) => {
    const { writes, jobs } = await make(said);
    expect(entryIn(writes)).toMatchObject({ ...about, ...entry });
    expect(jobs).toEqual([sending]);
  });

  test('when a step is a dead letter', () => {
    const operation = anOperation();
    const lastError = { code: 'bad-cursor', message: 'It is another’s.' };
    const { payload, metadata } = stepJob(operation, 1);
    const job = aJob({ payload, metadata, lastError: { ...lastError, at: 0 } });
    const { onDeadLetter } = aHandler(operation, () => Promise.resolve(DONE));
    const reason = 'bad-cursor: It is another’s.';
    const { writes = [], jobs } = onDeadLetter?.(job, 'permanent') ?? {};
    expect(entryIn(writes)).toMatchObject({ ...about, outcome: 'failed', reason });
    expect(jobs).toEqual([sending]);
  });
});

describe('at its ceiling of rows', () => {
  const ceiling = { seen: 9, maxRows: 9, cursor: 'c9' };

  test('one that has nothing left is done, by a look that changes nothing', async () => {
    const asked: unknown[] = [];
    const effects = await make(ceiling, ({ dryRun, limit, cursor }) => {
      asked.push({ dryRun, limit, cursor });
      return Promise.resolve(DONE);
    });
    expect(after(effects, anOperation(ceiling), {})).toBe('done');
    const at = { limit: 1, cursor: 'c9' };
    expect(asked).toEqual([
      { ...at, dryRun: true },
      { ...at, dryRun: false },
    ]);
  });

  test('one that has come to the end of a part goes on with the next', async () => {
    const effects = await make(ceiling, () => Promise.resolve({ ...DONE, cursor: 'part2' }));
    expect(after(effects, anOperation(ceiling), {})).toBe('running');
    expect(effects.jobs).toHaveLength(1);
  });

  test('one with a row more has failed, and that row is as it was', async () => {
    const write = { kind: 'delete', path: 'outbox/job1' } as const;
    const more = { ...DONE, seen: 1, done: 1, writes: [write] };
    const effects = await make(ceiling, () => Promise.resolve(more));
    expect(after(effects, anOperation(ceiling), {})).toBe('failed');
    expect(effects.writes).not.toContain(write);
  });

  test('one that cannot look without changing has failed', async () => {
    const effects = await make(ceiling, undefined, { changesAsItLooks: true });
    expect(after(effects, anOperation(ceiling), {})).toBe('failed');
  });
});

test('an operation of newer code is left to newer code, as during a rollout', async () => {
  const made = make({}, undefined, { isUnknown: true });
  await expect(made).rejects.toBeInstanceOf(UnroutableError);
});

test('a step has an id that tells it from pages and replays', () => {
  expect(stepJob(anOperation(), 7).causeId).toBe('operation1~s7');
});

test.each([
  [{ jobType: 'operation' }, true],
  [{ jobType: 'operation', orgId: 'org1' }, true],
  [{ orgId: '_platform' }, true],
  [{ jobType: 'notif', orgId: '_platform' }, false],
  [{ orgId: 'org1' }, false],
])('a pause of %j holds steps back: %s', (target, holds) => {
  expect(holdsSteps(target)).toBe(holds);
});
