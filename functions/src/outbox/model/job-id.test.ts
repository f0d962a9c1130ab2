import { describe, expect, test } from '@jest/globals';
import { jobId, outboxIdempotencyKeyForEvent } from './job-id.ts';

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
