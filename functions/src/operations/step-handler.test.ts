import { describe, expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import type { Effects } from '#outbox';
import { PermanentError } from '#outbox';
import { aJob } from '../outbox/testing/factories.ts';
import type { Operation } from './operation.ts';
import { operationOf } from './operation.ts';
import type { AnyOperationKind } from './operation-kind.ts';
import { createStepHandler, holdsSteps, stepJob } from './step-handler.ts';
import { anOperation } from './testing/an-operation.ts';

const CONTEXT = { time: undefined as never, signal: new AbortController().signal };

/** Makes the step that is due of an operation, by this kind. */
async function make(
  said: Partial<Operation>,
  stepOf: AnyOperationKind['step'] = () => Promise.reject(new Error('It looks at nothing.')),
): Promise<Effects> {
  const { id, ...data } = anOperation(said);
  const kind: AnyOperationKind = {
    kind: data.kind,
    params: { parse: (params: unknown) => params } as never,
    estimate: () => Promise.resolve(undefined),
    step: stepOf,
  };
  const handler = createStepHandler({
    reader: { get: (path) => Promise.resolve({ path, data, readAtMs: 0 }) },
    kinds: new Map([[kind.kind, kind]]),
    clock: { elapsedMs: () => 0, wait: () => Promise.resolve() },
  });
  const { payload } = stepJob(anOperation({ id }), data.step);
  return handler.handle(aJob({ payload }), CONTEXT);
}

/** An operation after what a step wrote, while somebody wrote something else. */
function after({ writes }: Effects, before: Operation, meanwhile: Partial<Operation>): unknown {
  const [write] = writes;
  const written = write?.kind === 'update' ? write.data : {};
  const { id, ...data } = { ...before, ...meanwhile, ...written, updatedAt: new Date(0) };
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
  expect(writes.map(({ path }) => path)).toEqual(['operations/operation1']);
  expect((await make({}, () => Promise.resolve(result))).writes).toHaveLength(2);
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
