import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Access, Caller } from '#kernel';
import { CodedError } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import type { TestEvent } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { MemoryDocuments } from '../testing/memory-documents.ts';
import { openMemoryStreams } from '../testing/memory-streams.ts';
import type { Command } from './command.ts';
import { commandsFor, executeCommand } from './command.ts';
import { createWithCommand } from './with-command.ts';

const caller: Caller = { uid: 'uid1', correlationId: 'c1', ipAddress: '::1' };
const result = { eventId: 'e1', jobIds: [], duplicate: false };

const addNote = commandsFor<TestEvent>()({
  name: 'addNote',
  input: z.strictObject({
    orgId: z.string(),
    text: z.string().trim().min(1),
    any: z.unknown().optional(),
  }),
  run: async ({ emit }, { orgId, text }) => {
    await emit({
      orgId,
      eventType: 'note.added',
      entityType: 'note',
      entityId: 'note1',
      payload: { text },
    });
    return { text };
  },
});

function open({ members = ['uid1'] }: { readonly members?: string[] } = {}) {
  const documents = new MemoryDocuments();
  const emitted: unknown[] = [];
  const deps = {
    withCommand: createWithCommand({
      runTransaction: documents.runTransaction,
      ids: countingIds(),
      keepMs: 1,
    }),
    access: {
      requireMember: async (_, orgId, uid) => {
        if (members.includes(uid)) return { uid, role: 'member' };
        throw new CodedError('permission-denied', `Not in ${orgId}.`);
      },
    } as Access,
    streams: openMemoryStreams().streams,
    emit: async (...said: unknown[]) => {
      emitted.push(said);
      return result;
    },
  };
  const call = (data: unknown, by: Caller = caller) =>
    executeCommand(deps, addNote as Command<TestEvent>, by, data);
  return { call, documents, emitted };
}

describe('a call', () => {
  test('runs the command with its input as the schema reads it', async () => {
    expect(await open().call({ orgId: 'org1', text: ' Hello ' })).toEqual({ text: 'Hello' });
  });

  test('emits as the caller, in the command’s transaction', async () => {
    const { call, emitted } = open();
    await call({ orgId: 'org1', text: 'Hello' });
    const [[input, options]] = emitted as [[unknown, unknown]];
    expect(input).toMatchObject({
      actor: { actorType: 'user', actorId: 'uid1' },
      metadata: { correlationId: 'c1', ipAddress: '::1' },
    });
    expect(options).toEqual({ transaction: expect.objectContaining({ token: 'id-1' }) });
  });

  test('says of its request only what an event takes', async () => {
    const { call, emitted } = open();
    const data = { orgId: 'org1', text: 'Hello' };
    await call(data, { ...caller, ipAddress: '', userAgent: '' });
    await call(data, { ...caller, ipAddress: undefined });
    await call(data, { ...caller, ipAddress: '1'.repeat(201), userAgent: 'x'.repeat(501) });
    expect(emitted.map((said) => (said as [{ metadata: unknown }])[0].metadata)).toEqual([
      { correlationId: 'c1' },
      { correlationId: 'c1' },
      { correlationId: 'c1', ipAddress: '1'.repeat(200), userAgent: 'x'.repeat(500) },
    ]);
  });

  test('takes texts of several lines, with tabs, in any language', async () => {
    const text = 'a\n\tb\n\u00A0ü 😀 \u200F\u2028';
    const data = { orgId: 'org1', text: `${text}.`, any: { at: [text, 7, null, true] } };
    expect(await open().call(data)).toEqual({ text: `${text}.` });
  });

  test('with the same key is answered once, and the key is no part of the input', async () => {
    const { call, documents, emitted } = open();
    const data = { orgId: 'org1', text: 'Hello', idempotencyKey: 'k' };
    expect(await call(data)).toEqual(await call(data));
    expect(emitted).toHaveLength(1);
    expect(documents.byPath.size).toBe(1);
  });
});

test('a call sent again by somebody who has left meanwhile is not answered', async () => {
  const members = ['uid1'];
  const { call, emitted } = open({ members });
  const data = { orgId: 'org1', text: 'Hello', idempotencyKey: 'k' };
  await call(data);
  members.pop();
  for (const text of ['Hello', 'other']) {
    expect((await codedErrorOf(() => call({ ...data, text }))).code).toBe('permission-denied');
  }
  expect(emitted).toHaveLength(1);
});

test('a field nobody asked for is named, but not at any length', async () => {
  const data = { orgId: 'org1', text: 'a', ['x'.repeat(1_000_000)]: 1 };
  const { message, problems } = await codedErrorOf(() => open().call(data));
  expect(message.length + JSON.stringify(problems).length).toBeLessThan(1_000);
});

describe('refused with the path of every problem, before anything runs:', () => {
  test.each([
    [undefined, ['']],
    [null, ['']],
    ['text', ['']],
    [{}, ['orgId', 'text']],
    [{ orgId: 7, text: ' ' }, ['orgId', 'text']],
    [{ orgId: 'org1', text: 'a', more: 1 }, ['more']],
    [{ orgId: 'org1', text: 'a', idempotencyKey: '' }, ['idempotencyKey']],
    [{ orgId: 'org1', text: 'a', idempotencyKey: 'x'.repeat(201) }, ['idempotencyKey']],
    [{ orgId: 'org1', text: 'a\uD800' }, ['text']],
    [{ orgId: 'org1', text: 'a', any: { b: [Number.NaN] } }, ['any.b.0']],
    ...['\0', '\b', '\v', '\r', '\u001B', '\u007F', '\u0085', '\u009F'].map(
      (control): [unknown, string[]] => [
        { orgId: 'org1', text: `a${control}b`, any: { b: ['\n', control] } },
        ['text', 'any.b.1'],
      ],
    ),
  ])('%p', async (data, paths) => {
    const { call, documents } = open();
    expect((await codedErrorOf(() => call(data))).code).toBe('invalid-input');
    expect(await pathsOf(() => call(data))).toEqual(paths);
    expect(documents.tokens).toEqual([]);
  });
});
