import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RulesTestEnvironment } from '@firebase/rules-unit-testing';
import type { Firestore } from 'firebase/firestore';
import {
  deleteField,
  doc,
  getDocFromServer,
  getDocsFromServer,
  serverTimestamp,
  setDoc,
  Timestamp,
  updateDoc,
} from 'firebase/firestore';
import { databaseOf, isAllowed, openDatabase } from './people.ts';
import { queries } from './queries.ts';

let environment: RulesTestEnvironment;
let own: Firestore;

beforeAll(async () => {
  environment = await openDatabase();
  own = databaseOf(environment, 'insider');
});
afterAll(() => environment.cleanup());

async function mayUpdate(id: string, change: Record<string, unknown>): Promise<boolean> {
  return isAllowed(updateDoc(doc(own, `notifications/${id}`), change));
}

test('somebody’s own are listed newest first, and nobody else’s among them', async () => {
  const ask = queries['notifications of the insider']!(own, 'insider');
  const { docs } = await getDocsFromServer(ask);
  expect(docs.map(({ id }) => id)).toEqual(['newer', 'older']);
});

describe('marking a notification read', () => {
  test('takes the server’s time', async () => {
    expect(await mayUpdate('older', { readAt: serverTimestamp() })).toBe(true);
    const stored = await getDocFromServer(doc(own, 'notifications/older'));
    expect(stored.get('readAt')).toBeInstanceOf(Timestamp);
  });

  test.each<[string, unknown]>([
    ['a time of the client’s', new Date()],
    ['a time long ago', new Date(0)],
    ['a time to come', new Date('2099-01-01')],
    ['true', true],
    ['nothing', null],
    ['a deletion', deleteField()],
    ['a list', [1]],
  ])('does not take %s', async (_, readAt) => {
    expect(await mayUpdate('newer', { readAt })).toBe(false);
  });

  test.each([
    ['its title', { title: 'Changed' }],
    ['its recipient', { recipientUid: 'outsider' }],
    ['when it was made', { createdAt: serverTimestamp() }],
    ['a field of one’s own', { starred: true }],
  ])('changes nothing beside: %s', async (_, change) => {
    expect(await mayUpdate('newer', { readAt: serverTimestamp(), ...change })).toBe(false);
    expect(await mayUpdate('newer', change)).toBe(false);
  });

  test('is not a way to write it anew', async () => {
    const target = doc(own, 'notifications/newer');
    const whole = { recipientUid: 'insider', readAt: serverTimestamp() };
    expect(await isAllowed(setDoc(target, whole))).toBe(false);
  });

  test('is not possible with somebody else’s', async () => {
    expect(await mayUpdate('others', { readAt: serverTimestamp() })).toBe(false);
  });

  test('does not make one', async () => {
    expect(await mayUpdate('none', { readAt: serverTimestamp() })).toBe(false);
  });
});
