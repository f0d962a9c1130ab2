import { expect, test } from '@jest/globals';
import { SERVER_TIME, ServerTime } from '#kernel';
import type { DomainEvent } from '#events';
import type { Effects } from '#outbox';
import { ManualClock } from '../kernel/testing/manual-clock.ts';
import { aRunningJob, T0 } from '../outbox/testing/factories.ts';
import { createNotifSubscription } from './notif.ts';
import { anEvent, anEventOfNoMatter } from './testing/an-event.ts';

const context = {
  time: new ServerTime(new ManualClock(), T0),
  signal: new AbortController().signal,
};
const people = ['ada', 'ben', 'cleo'].map((uid) => ({ uid, email: `${uid}@example.test` }));

function effectsFor(event: DomainEvent, recipients = people): Promise<Effects> {
  const everybody = () => Promise.resolve(recipients);
  const notif = createNotifSubscription({ matterMembers: everybody, admins: everybody });
  if (!('handle' in notif)) throw new Error('It happens once, in Firestore.');
  return notif.handle(
    event,
    aRunningJob({ metadata: { correlationId: 'c1', traceparent: 't' } }),
    context,
  );
}

test('each recipient gets one notification, unread', async () => {
  const { writes } = await effectsFor(anEvent({ payload: { body: 'Hi', mentions: ['cleo'] } }));
  const said = {
    orgId: 'org1',
    eventId: 'event1',
    eventType: 'comment.added',
    entityType: 'comment',
    entityId: 'comment1',
    matterId: 'matter1',
    body: 'Hi',
    readAt: null,
    createdAt: SERVER_TIME,
  };
  const notification = (uid: string, title: string) => ({
    kind: 'create',
    path: `notifications/event1:${uid}`,
    data: { ...said, id: `event1:${uid}`, recipientUid: uid, title },
  });
  expect(writes).toEqual([
    notification('ben', 'New comment'),
    notification('cleo', 'You were mentioned'),
  ]);
});

test('each recipient gets one e-mail job of the same event and trace', async () => {
  const { jobs } = await effectsFor(anEvent(), people.slice(0, 2));
  expect(jobs).toEqual([
    {
      jobType: 'email',
      orgId: 'org1',
      causeId: 'event1',
      eventId: 'event1',
      eventType: 'comment.added',
      recipientUid: 'ben',
      metadata: { correlationId: 'c1', traceparent: 't' },
      payload: { to: 'ben@example.test', subject: 'New comment', text: 'Hello' },
    },
  ]);
});

test('a notification of no matter says nothing of one', async () => {
  const { writes } = await effectsFor(anEventOfNoMatter());
  expect(writes).toHaveLength(2);
  for (const write of writes) expect(write).not.toHaveProperty('data.matterId');
});

test('an event for nobody but who did it has no effects', async () => {
  const effects = await effectsFor(anEvent(), people.slice(0, 1));
  expect(effects).toEqual({ writes: [], jobs: [] });
});
