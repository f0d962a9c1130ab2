import { describe, expect, test } from '@jest/globals';
import { jobId, outboxIdempotencyKeyForEvent, slotNumbers, slotOf } from './job-id.ts';

const slots = { normal: 8, bulk: 4 };

describe('a job’s id', () => {
  test('is <jobType>:<orgId>:<causeId>, and a notification’s notif:<orgId>:<eventId>', () => {
    expect(jobId({ jobType: 'webhook.send', orgId: 'org1', causeId: 'e1' })).toBe(
      'webhook.send:org1:e1',
    );
    expect(outboxIdempotencyKeyForEvent('org1', 'e1')).toBe('notif:org1:e1');
  });

  test('ends with the recipient where there is one', () => {
    const parts = { jobType: 'email', orgId: 'org1', causeId: 'e1' };
    expect(jobId({ ...parts, recipient: 'uid1' })).toBe('email:org1:e1:uid1');
    expect(jobId({ ...parts, recipient: 'contact-client1' })).toBe('email:org1:e1:contact-client1');
  });
});

describe('slots', () => {
  test('normal ones are numbered from 0, bulk ones from 1000', () => {
    expect(slotNumbers(slots, 'normal')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(slotNumbers(slots, 'bulk')).toEqual([1_000, 1_001, 1_002, 1_003]);
  });

  test('a job always has the same slot', () => {
    expect(slotOf('notif:org1:e1', slots)).toBe(slotOf('notif:org1:e1', slots));
    expect(slotOf('notif:org1:e1', { normal: 1, bulk: 1 })).toBe(0);
  });

  test('jobs are spread evenly over the normal slots', () => {
    const counts = Array.from({ length: slots.normal }, () => 0);
    for (let n = 0; n < 8_000; n += 1) {
      const slot = slotOf(`notif:org1:event${n}`, slots);
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    expect(counts).toHaveLength(slots.normal);
    // About 30 either way is one standard deviation; 150 is a broken hash.
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
