import { describe, expect, test } from '@jest/globals';
import { SERVER_TIME } from '#kernel';
import { aChild } from '../testing/factories.ts';
import { recordPendingJob } from './record-job.ts';

const options = { slots: { normal: 8, bulk: 4 }, maxAttempts: 5 };

function dataOf(said: Parameters<typeof aChild>[0]) {
  const write = recordPendingJob(aChild(said), options);
  if (write.kind !== 'create') throw new Error('A new job is created.');
  return write.data;
}

describe('a new job', () => {
  test('is due at the time of the commit that writes it, in a normal slot', () => {
    const data = dataOf({});
    expect(data).toMatchObject({ nextAttemptAt: SERVER_TIME, openedAt: SERVER_TIME });
    expect(data['slot']).toBeLessThan(8);
  });

  test('that is not to be run before a time is due then, and its age counts from then', () => {
    const notBefore = new Date('2031-01-01');
    const data = dataOf({ notBefore });
    expect(data).toMatchObject({ nextAttemptAt: notBefore, openedAt: notBefore });
    expect(data).toMatchObject({ createdAt: SERVER_TIME });
    expect(data).not.toHaveProperty('notBefore');
  });

  test('of bulk work is in one of its tenant’s bulk slots', () => {
    const slots = Array.from(
      { length: 50 },
      (_, n) => dataOf({ priority: 'bulk', causeId: `c${n}` })['slot'],
    );
    expect(new Set(slots).size).toBe(2);
    for (const slot of slots) expect(slot).toBeGreaterThanOrEqual(1_000);
    expect(dataOf({ priority: 'bulk' })).not.toHaveProperty('priority');
  });

  test('stands in its line', () => {
    const place = { orderingKey: 'mail:line', sequence: 7 };
    expect(dataOf({ place })).toMatchObject(place);
  });
});
