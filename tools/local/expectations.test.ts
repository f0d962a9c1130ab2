import { describe, expect, test } from '@jest/globals';
import type { Deliveries, JobRecord } from './deliveries.ts';
import { countRefusals, findProblems, isSettled, type Expectation } from './expectations.ts';

const ada = { uid: 'u-ada', name: 'Ada', email: 'ada@example.test' };
const ben = { uid: 'u-ben', name: 'Ben', email: 'ben@example.test' };
const cleo = { uid: 'u-cleo', name: 'Cleo', email: 'cleo+fail2@example.test' };
const expectation: Expectation = {
  participants: [ada, ben, cleo],
  hasRetries: true,
  events: { 'comment.added': { count: 1, told: [cleo] } },
};
const notif: JobRecord = {
  id: 'notif:o:e1',
  eventId: 'e1',
  eventType: 'comment.added',
  jobType: 'notif',
  status: 'sent',
  attempts: 1,
  createdAtMs: 0,
  sentAtMs: 10,
};
const email: JobRecord = {
  ...notif,
  id: 'email:o:e1:u-cleo',
  jobType: 'email',
  recipientUid: cleo.uid,
  attempts: 3,
};
const good: Deliveries = {
  events: [
    {
      eventId: 'e1',
      eventType: 'comment.added',
      actorId: ada.uid,
      jobTypes: ['notif'],
      timestampMs: 0,
    },
  ],
  jobs: [notif, email],
  notifications: [{ eventType: 'comment.added', recipientUid: cleo.uid }],
};

describe('findProblems', () => {
  test('is content with a run in which everything happened', () => {
    expect(findProblems(good, expectation)).toEqual([]);
  });

  test.each<[string, Partial<Deliveries>, string]>([
    ['an event that is missing', { events: [] }, 'comment.added: 0 events instead of 1'],
    [
      'an event without its job',
      { jobs: [email] },
      'comment.added: its job notif is not in the outbox',
    ],
    [
      'a job that failed',
      { jobs: [{ ...notif, status: 'failed', lastErrorCode: 'poison' }, email] },
      'notif:o:e1: failed after 1 attempts (poison) instead of sent after 1',
    ],
    [
      'a retry that did not happen',
      { jobs: [notif, { ...email, attempts: 1 }] },
      'email:o:e1:u-cleo: sent after 1 attempts instead of sent after 3',
    ],
    [
      'a notification without e-mail',
      { jobs: [notif] },
      'comment.added: Cleo gets 0 e-mails for 1 notifications',
    ],
    [
      'somebody who was not told',
      { notifications: [], jobs: [notif] },
      'comment.added: Cleo was not told',
    ],
  ])('names %s', (_title, change, problem) => {
    expect(findProblems({ ...good, ...change }, expectation)).toContain(problem);
  });

  test('names an actor who was told of what they did themselves', () => {
    const notifications = [
      ...good.notifications,
      { eventType: 'comment.added', recipientUid: ada.uid },
    ];
    expect(findProblems({ ...good, notifications }, expectation)).toEqual(
      expect.arrayContaining([
        'comment.added: Ada did it and was told of it',
        'comment.added: Ada was told but should not be',
      ]),
    );
  });

  test('expects what needs a retry to be left pending where nobody retries', () => {
    const left = { ...good, jobs: [notif, { ...email, status: 'pending', attempts: 1 }] };
    expect(findProblems(left, { ...expectation, hasRetries: false })).toEqual([]);
    expect(findProblems(left, expectation)).toHaveLength(1);
  });

  test('names a type of event that nobody expects', () => {
    expect(findProblems(good, { ...expectation, events: {} })).toContain(
      'comment.added: 1 events instead of 0',
    );
  });

  test('names whoever was told of some events of a type only', () => {
    const twice = { 'comment.added': { count: 2, told: [cleo] } };
    expect(findProblems(good, { ...expectation, events: twice })).toContain(
      'comment.added: Cleo was told of 1 instead of 2',
    );
  });

  describe('with somebody who may hear of it in time', () => {
    const told = { count: 1, told: [cleo], mayBeTold: [ben] };
    const either = { ...expectation, events: { 'comment.added': told } };
    const toBen = { ...email, id: 'email:o:e1:u-ben', recipientUid: ben.uid, attempts: 1 };
    const alsoToBen = {
      ...good,
      jobs: [...good.jobs, toBen],
      notifications: [...good.notifications, { eventType: 'comment.added', recipientUid: ben.uid }],
    };

    test('is content whether they did or not', () => {
      expect(findProblems(good, either)).toEqual([]);
      expect(findProblems(alsoToBen, either)).toEqual([]);
    });

    test('still names whoever else was told', () => {
      expect(findProblems(alsoToBen, expectation)).toEqual([
        'comment.added: Ben was told but should not be',
      ]);
    });
  });
});

describe('isSettled', () => {
  const pending = { ...good, jobs: [notif, { ...email, status: 'pending', attempts: 1 }] };

  test('waits for retries only where somebody retries', () => {
    expect(isSettled(good, expectation)).toBe(true);
    expect(isSettled(pending, expectation)).toBe(false);
    expect(isSettled(pending, { ...expectation, hasRetries: false })).toBe(true);
  });

  test('does not wait for a dead letter', () => {
    expect(isSettled({ ...good, jobs: [{ ...notif, status: 'failed' }] }, expectation)).toBe(true);
  });

  test('waits while there is nothing yet, and while a job runs', () => {
    expect(isSettled({ events: [], jobs: [], notifications: [] }, expectation)).toBe(false);
    expect(isSettled({ ...good, jobs: [{ ...notif, status: 'processing' }] }, expectation)).toBe(
      false,
    );
  });
});

test.each([
  ['cleo+fail2@example.test', 2],
  ['ada@example.test', 0],
])('countRefusals(%s) is %d', (address, count) => {
  expect(countRefusals(address)).toBe(count);
});
