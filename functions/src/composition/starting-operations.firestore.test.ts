import { beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { backend, firestore } from './testing/backend.ts';
import { deadLetters, start, tick } from './testing/dead-letter-stage.ts';

const { operations } = backend;

beforeEach(() => clearFirestore(firestore));

describe('starting an operation', () => {
  test.each([
    [{ kind: 'tidy' }, 'kind'],
    [{ params: {} }, 'params'],
    [{ params: { orgId: 'a/b' } }, 'params.orgId'],
    [{ params: { reason: 'because' } }, 'params.reason'],
    [{ params: { ids: [] } }, 'params.ids'],
    [{ params: { ids: ['a/b'] } }, 'params.ids.0'],
    [{ params: { ids: ['a', 'a'] } }, 'params.ids'],
    [{ params: { ids: ['a'], jobType: 'mail' } }, 'params.ids'],
    [{ params: { all: true, colour: 'red' } }, 'params.colour'],
    [{ params: null }, 'params'],
    [{ reason: '' }, 'reason'],
    [{ maxRows: 0 }, 'maxRows'],
    [{ rowsPerSecond: Infinity }, 'rowsPerSecond'],
  ])('with %j is refused by path', async (said, path) => {
    await expect(start(said)).rejects.toMatchObject({
      code: 'invalid-input',
      problems: [expect.objectContaining({ path })],
    });
    expect((await firestore.collection('operations').get()).size).toBe(0);
  });

  test('takes an organization, a type and a reason together', async () => {
    const failure = { reason: 'permanent', at: 1 } as const;
    await deadLetters(2, { failure });
    await deadLetters(1);
    await deadLetters(1, { failure, jobType: 'fax' });
    const params = { orgId: 'org1', jobType: 'mail', reason: 'permanent' };
    const { id, estimate } = await start({ params });
    await tick();
    expect(estimate).toBe(2);
    expect(await operations.get(id)).toMatchObject({ state: 'done', done: 2 });
  });

  test('twice with one key starts one, and another with it is refused', async () => {
    const [one, same] = [
      await start({ idempotencyKey: 'k' }),
      await start({ idempotencyKey: 'k' }),
    ];
    expect(same.id).toBe(one.id);
    const other = start({ idempotencyKey: 'k', params: { orgId: 'org1' } });
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });

  test.each([{ dryRun: true }, { maxRows: 1 }, { rowsPerSecond: 5 }, { maxOperations: 9 }])(
    'with the key of one that was to be made otherwise, %j, is refused',
    async (otherwise) => {
      await start({ idempotencyKey: 'k', ...otherwise });
      await expect(start({ idempotencyKey: 'k' })).rejects.toMatchObject({
        code: 'idempotency-key-reused',
      });
    },
  );

  test('with the key of somebody else starts another', async () => {
    const [one, other] = [
      await start({ idempotencyKey: 'k' }),
      await start({ idempotencyKey: 'k', by: 'somebody else' }),
    ];
    expect(other).toMatchObject({ duplicate: false, by: 'somebody else' });
    expect(other.id).not.toBe(one.id);
  });

  test('again by its key asks nothing twice: it was estimated when it began', async () => {
    await deadLetters(2);
    await start({ idempotencyKey: 'k' });
    const again = await measure(firestore, () => start({ idempotencyKey: 'k' }));
    expect(again).toMatchObject({ reads: 2, writes: 0 });
  });

  test.each(['nobody', 'a/b', ''])('there is none with the id %j', async (id) => {
    for (const act of [operations.get, operations.pause, operations.resume, operations.cancel]) {
      await expect(act(id)).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});
