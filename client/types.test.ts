import { expect, test } from '@jest/globals';
import type { Client, Intent } from './index.ts';
import { intentTo } from './index.ts';

// Judged by the compiler: each `@ts-expect-error` fails the type check where the line is no error.

const comment = { orgId: 'org1', matterId: 'matter1', body: 'Hello' };
const asked: unknown[] = [];
const client: Pick<Client, 'call'> = {
  call: async (name, input) => {
    asked.push([name, input]);
    return {} as never;
  },
};

test('a call that is none does not compile', async () => {
  await client.call('addComment', { ...comment, mentions: ['ben'] });
  // @ts-expect-error there is no such callable
  await client.call('addComments', comment);
  // @ts-expect-error a field that it does not know
  await client.call('addComment', { ...comment, text: 'Hello' });
  // @ts-expect-error a field is missing
  await client.call('addComment', { orgId: 'org1', matterId: 'matter1' });
  // @ts-expect-error a field of another type
  await client.call('addComment', { ...comment, body: 7 });
  // @ts-expect-error a value that is none of those
  await client.call('changeMemberRole', { orgId: 'org1', uid: 'ben', role: 'owner' });
  // @ts-expect-error what is deeper within
  await client.call('createOrder', { orgId: 'o', clientId: 'c', currency: 'EUR', lines: [{}] });
  // @ts-expect-error the key is the intent's
  await client.call('addComment', { ...comment, idempotencyKey: 'mine' });
  expect(asked).toHaveLength(8);
});

test('an answer has its fields, and no others', async () => {
  const answer = await client.call('addComment', comment);
  const said: { commentId: string; version: number } = answer;
  // @ts-expect-error it answers no orgId
  const none: unknown = answer.orgId;
  expect([said, none]).toEqual([{}, undefined]);
});

test('an intent is of its callable', () => {
  const intent: Intent<'addComment'> = intentTo('addComment', comment);
  // @ts-expect-error of another
  const other: Intent<'updateComment'> = intent;
  expect(other.name).toBe('addComment');
});
