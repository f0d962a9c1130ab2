import { expect, test } from '@jest/globals';
import type { Row } from '#outbox';
import { aJob } from '../../outbox/testing/factories.ts';
import type { StepResult } from '../operation-kind.ts';
import { redrive } from './redrive.ts';

/** A step over this dead letter of `mail`, whose jobs stand in lines or do not. */
function step(said: { readonly isOrdered: boolean }): Promise<StepResult> {
  const job = aJob({
    status: 'failed',
    attempts: 5,
    nextAttemptAt: undefined,
    failure: { reason: 'attempts-spent', at: 0 },
  });
  const row: Row = { kind: 'job', job, fence: { status: 'failed' } as never };
  const page = { rows: [row], missing: [], readAtMs: 0, nextCursor: undefined };
  const kind = redrive({
    isOrdered: () => said.isOrdered,
    deadLetters: { page: () => Promise.resolve(page), count: () => Promise.resolve(1) },
    store: {
      readLine: () => Promise.reject(new Error('It stands in none.')),
      readRows: () => Promise.reject(new Error('None is named.')),
    },
  });
  return kind.step({
    operationId: 'operation1',
    params: { all: true },
    cursor: undefined,
    limit: 200,
    startedAt: new Date(0),
    dryRun: false,
    time: undefined as never,
    signal: new AbortController().signal,
  });
}

test('a job that gave up its place in a line is not sent round out of its turn', async () => {
  expect(await step({ isOrdered: true })).toMatchObject({
    done: 0,
    skipped: { 'gave-up-its-place': 1 },
    moves: [],
  });
});

test('a job that never had one is sent round', async () => {
  const { done, moves } = await step({ isOrdered: false });
  expect({ done, moves: moves?.map(({ next }) => next.status) }).toEqual({
    done: 1,
    moves: ['pending'],
  });
});
