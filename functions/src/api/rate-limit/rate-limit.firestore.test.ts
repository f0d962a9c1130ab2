import { beforeEach, describe, expect, test } from '@jest/globals';
import { firestore } from '../../composition/testing/backend.ts';
import type { World } from '../../composition/testing/world.ts';
import type { DocumentData, DocumentTransaction } from '#kernel';
import { CodedError, systemIds } from '#kernel';
import { createRunTransaction } from '../../kernel/firestore/index.ts';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { openApi } from '../testing/api.ts';
import { createRateLimit } from './rate-limit.ts';

const runTransaction = createRunTransaction(firestore);
/** What Firestore's transactions see of the server's time, moved by whole minutes. */
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  await clearFirestore(firestore);
});

/** An instance, at the very start of a minute of the server's time. */
function anInstance(perMinute: number, clock = new ManualClock()) {
  const atStartOfMinute: typeof runTransaction = (token, work) =>
    runTransaction(token, (tx) =>
      work({
        get: async (path: string) => ({ ...(await tx.get(path)), readAtMs: aheadMs }),
        merge: (path: string, data: DocumentData) => tx.merge(path, data),
      } as DocumentTransaction),
    );
  return createRateLimit({ runTransaction: atStartOfMinute, ids: systemIds, clock, perMinute });
}

async function admittedOf(calls: number, ...instances: ReturnType<typeof anInstance>[]) {
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, n) => instances[n % instances.length]!('ada')),
  );
  return answers.filter((waitSeconds) => waitSeconds === undefined).length;
}

describe('the rate limit', () => {
  test('holds over instances that are all called at once', async () => {
    const instances = [1, 2, 3, 4].map(() => anInstance(110));
    expect(await admittedOf(400, ...instances)).toBe(110);
  });

  test('costs two operations for 25 calls, and for who is refused one read', async () => {
    const instance = anInstance(600);
    const billed = await measure(firestore, () => admittedOf(600, instance));
    expect(billed).toEqual({ reads: 24, writes: 24, deletes: 0 });
    expect((billed.reads + billed.writes) / 600).toBeLessThanOrEqual(0.1);
    const refused = await measure(firestore, () => admittedOf(600, instance));
    expect(refused).toEqual({ reads: 1, writes: 0, deletes: 0 });
  });

  test('costs calls few and far between no more', async () => {
    const clock = new ManualClock();
    const instance = anInstance(600, clock);
    const billed = await measure(firestore, async () => {
      for (let n = 0; n < 25; n += 1) {
        aheadMs += 60_000;
        clock.advance(60_000);
        expect(await instance('ada')).toBeUndefined();
      }
    });
    expect(billed).toEqual({ reads: 1, writes: 1, deletes: 0 });
  });

  test('says when the next minute begins, and is open then', async () => {
    const clock = new ManualClock();
    const instance = anInstance(1, clock);
    expect(await instance('ada')).toBeUndefined();
    expect(await instance('ada')).toBe(60);
    clock.advance(59_500);
    expect(await instance('ada')).toBe(1);
    expect(await instance('ben')).toBeUndefined();
    clock.advance(500);
    aheadMs = 60_000;
    expect(await instance('ada')).toBeUndefined();
  });

  test('refuses for a second where too many instances ask at once', async () => {
    const fail = (error: Error) =>
      createRateLimit({
        runTransaction: async () => {
          throw error;
        },
        ids: systemIds,
        clock: new ManualClock(),
        perMinute: 600,
      })('ada');
    expect(await fail(new CodedError('contention', 'Try again.'))).toBe(1);
    await expect(fail(new Error('down'))).rejects.toThrow('down');
  });

  test('begins anew where somebody wrote nonsense over it', async () => {
    await firestore.doc('rate_limits/ada').set({ startedAtMs: 'x' });
    expect(await anInstance(1)('ada')).toBeUndefined();
  });
});

test('a caller beyond it is told so before anything is read', async () => {
  const world = { orgId: 'org1' } as World;
  const ask = await openApi(world, anInstance(1));
  expect((await ask('GET', '/v1/schemas', { as: 'ada' })).status).toBe(403);
  const billed = await measure(firestore, async () => {
    const { status, headers, body } = await ask('GET', '/v1/schemas', { as: 'ada' });
    expect([status, headers.get('retry-after'), body.code]).toEqual([429, '60', 'rate-limited']);
  });
  // Its own: this instance had not been told yet.
  expect(billed).toEqual({ reads: 1, writes: 0, deletes: 0 });
});
