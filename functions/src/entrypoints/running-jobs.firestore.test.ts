import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { DocumentSnapshot, Firestore, Timestamp } from 'firebase-admin/firestore';
import { MINUTE_MS, systemClock } from '#kernel';
import { emitDomainEventWithOutbox, firebaseLogger, getBackend } from '../composition/index.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../composition/settings.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { measure } from '../kernel/testing/meter.ts';
import { onDomainEventCreated } from './on-domain-event-created.ts';
import { outboxProcessor } from './outbox-processor.ts';

jest.spyOn(firebaseLogger, 'write').mockReturnValue();

let firestore: Firestore;
let event: DocumentSnapshot;

beforeAll(() => {
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  ({ firestore } = getBackend());
});

/** Ada, the organization's one admin, is to hear that Ben joined. */
beforeEach(async () => {
  await clearFirestore(firestore);
  const ada = { uid: 'ada', role: 'admin', email: 'ada@example.test' };
  await firestore.doc('orgs/org1/members/ada').create(ada);
  const { eventId } = await emitDomainEventWithOutbox({
    orgId: 'org1',
    eventType: 'user.joined',
    entityType: 'user',
    entityId: 'ben',
    actor: { actorType: 'user', actorId: 'ben' },
    payload: { displayName: 'Ben', role: 'member' },
  });
  event = await firestore.doc(`domain_events/${eventId}`).get();
});

async function trigger(): Promise<void> {
  const said = { data: event, params: { eventId: event.id } };
  await onDomainEventCreated.run(said as never);
}

async function tick(): Promise<void> {
  await outboxProcessor.run({ scheduleTime: '2030-01-01T00:00:00Z' });
}

async function statuses(): Promise<unknown[]> {
  const { docs } = await firestore.collection('outbox').get();
  return docs.map((row): unknown => row.get('status'));
}

test('the trigger does not read the event that it was given', async () => {
  const writeDue = jest.spyOn(getBackend().metrics, 'writeDue').mockResolvedValue();
  const billed = await measure(firestore, trigger);
  // Once a minute there is one write more: what the instance gathered.
  expect(writeDue).toHaveBeenCalledTimes(1);
  writeDue.mockRestore();
  // Read: the row, what operators set, the admins. Written: the row, a notification, an e-mail twice.
  expect(billed).toEqual({ reads: 3, writes: 4, deletes: 0 });
});

describe('an invocation that has a job to run', () => {
  const { timeoutMs, startMarginMs } = parseSettings(DEFAULT_SETTINGS).processor;
  const table = [
    ['the trigger', { run: trigger, deployed: onDomainEventCreated, startsUntilMs: 35_000 }],
    // Four fifths of its time, less what a job may take.
    ['the tick', { run: tick, deployed: outboxProcessor, startsUntilMs: 63_000 }],
  ] as const;

  /** Runs it as if the machine had stood still for so long as soon as it had begun. */
  async function runLate(run: () => Promise<void>, lateMs: number): Promise<unknown[]> {
    const clock = jest.spyOn(systemClock, 'elapsedMs');
    clock.mockReturnValueOnce(0).mockReturnValue(lateMs);
    await run().finally(() => clock.mockRestore());
    return statuses();
  }

  test.each(table)('by %s ends before the platform ends it', (_, { deployed, startsUntilMs }) => {
    const platformMs = Number(deployed.__endpoint.timeoutSeconds) * 1_000;
    expect(startsUntilMs + timeoutMs + startMarginMs).toBeLessThanOrEqual(platformMs);
  });

  test.each(table)('by %s starts it at the last moment', async (_, { run, startsUntilMs }) => {
    expect(await runLate(run, startsUntilMs)).toContain('sent');
  });

  test.each(table)('by %s leaves it after that', async (_, { run, startsUntilMs }) => {
    expect(await runLate(run, startsUntilMs + 1)).toEqual(['pending']);
  });
});

describe('an event that newer code wrote, during a rollout', () => {
  const rowOf = () => firestore.doc(`outbox/notif:org1:${event.id}`).get();

  /** The event as code of another version would have written it. */
  async function writeAt(schemaVersion: number): Promise<void> {
    await event.ref.update({ schemaVersion });
    event = await event.ref.get();
  }

  test('is left alone by the trigger, and by the tick until newer code is there', async () => {
    await writeAt(2);
    const before = await rowOf();
    await trigger();
    expect((await rowOf()).updateTime).toEqual(before.updateTime);

    await tick();
    const waiting = await rowOf();
    expect(waiting.data()).toMatchObject({
      status: 'pending',
      attempts: 0,
      lastError: { code: 'event-unreadable' },
    });
    const { nextAttemptAt, unroutableSince } = waiting.data() as Record<string, Timestamp>;
    expect(nextAttemptAt!.toMillis() - unroutableSince!.toMillis()).toBe(5 * MINUTE_MS);

    // Now the code is as new as the event, and five minutes are over.
    await writeAt(1);
    await waiting.ref.update({ nextAttemptAt: unroutableSince });
    await tick();
    const done = await rowOf();
    expect(done.data()).toMatchObject({ status: 'sent', attempts: 1 });
    expect(done.get('unroutableSince')).toBeUndefined();
    expect((await firestore.collection('notifications').get()).size).toBe(1);
  });
});

describe('a tick', () => {
  test('notes when it came to its end, and writes what its instance gathered', async () => {
    await tick();
    await getBackend().metrics.writeRest();
    const { metricsStore, store } = getBackend();
    const [lastTickMs = 0, { readAtMs }] = await Promise.all([
      metricsStore.lastTickMs(),
      store.readControls(),
    ]);
    expect(readAtMs - lastTickMs).toBeLessThan(MINUTE_MS);
    const { gathered } = await metricsStore.read(lastTickMs);
    expect([...gathered.named.job.keys()]).toContain('notif');
  });

  test('looks at the alerts although its sweep fails: they may be of that', async () => {
    const { store, alerts } = getBackend();
    const look = jest.spyOn(alerts, 'look');
    const findDue = jest.spyOn(store, 'findDue').mockRejectedValue(new Error('no index'));
    await expect(tick()).rejects.toThrow('no index');
    findDue.mockRestore();
    await expect(look.mock.results[0]?.value).resolves.toEqual([]);
    look.mockRestore();
  });
});
