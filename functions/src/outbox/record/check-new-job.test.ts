import { describe, expect, test } from '@jest/globals';
import { CodedError } from '#kernel';
import type { NewJob } from '../model/handler.ts';
import { aChild } from '../testing/factories.ts';
import { checkNewJob } from './check-new-job.ts';

function pathsOf(said: Partial<NewJob>): string[] {
  try {
    checkNewJob(aChild(said));
    return [];
  } catch (error) {
    if (error instanceof CodedError) return error.problems.map(({ path }) => path);
    throw error;
  }
}

describe('a new job', () => {
  test.each<Partial<NewJob>>([
    {},
    { causeId: 'uid1-20300101' },
    { causeId: 'replay~op1~s12', recipientUid: 'contact-client1' },
    { recipientUid: 'uid1~p2' },
    { place: { orderingKey: 'mail:line', sequence: 0 } },
    { notBefore: new Date('9999-12-31T23:59:59Z') },
  ])('is taken: %j', (said) => {
    expect(pathsOf(said)).toEqual([]);
  });

  test.each<[string, Partial<NewJob>]>([
    ['jobType', { jobType: 'Mail' }],
    ['orgId', { orgId: 'a/b' }],
    ['orgId', { orgId: '__x__' }],
    ['causeId', { causeId: 'x/y/z' }],
    ['causeId', { causeId: 'x'.repeat(201) }],
    ['recipientUid', { recipientUid: 'ann@example.com' }],
    ['place.sequence', { place: { orderingKey: 'k', sequence: 0.5 } }],
    ['place.sequence', { place: { orderingKey: 'k', sequence: -1 } }],
    ['place.orderingKey', { place: { orderingKey: '', sequence: 1 } }],
    ['notBefore', { notBefore: new Date(Number.NaN) }],
    ['notBefore', { notBefore: new Date('+010000-01-01T00:00:00Z') }],
  ])('is refused by the path of what is wrong, %s: %j', (path, said) => {
    expect(pathsOf(said)).toEqual([path]);
  });
});
