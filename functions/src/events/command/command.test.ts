import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Access, Caller } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import type { TestEvent } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { MemoryDocuments } from '../testing/memory-documents.ts';
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

function open() {
  const documents = new MemoryDocuments();
  const emitted: unknown[] = [];
  const deps = {
    withCommand: createWithCommand({
      runTransaction: documents.runTransaction,
      ids: countingIds(),
    }),
    access: {} as Access,
    emit: async (...said: unknown[]) => {
      emitted.push(said);
      return result;
    },
  };
  const call = (data: unknown) => executeCommand(deps, addNote as Command<TestEvent>, caller, data);
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

  test('with the same key is answered once, and the key is no part of the input', async () => {
    const { call, documents, emitted } = open();
    const data = { orgId: 'org1', text: 'Hello', idempotencyKey: 'k' };
    expect(await call(data)).toEqual(await call(data));
    expect(emitted).toHaveLength(1);
    expect(documents.byPath.size).toBe(1);
  });
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
  ])('%p', async (data, paths) => {
    const { call, documents } = open();
    expect((await codedErrorOf(() => call(data))).code).toBe('invalid-input');
    expect(await pathsOf(() => call(data))).toEqual(paths);
    expect(documents.tokens).toEqual([]);
  });
});
