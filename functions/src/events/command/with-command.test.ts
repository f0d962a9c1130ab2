import { describe, expect, test } from '@jest/globals';
import type { RunTransaction } from '#kernel';
import { DAY_MS, SERVER_TIME } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { MemoryDocuments, READ_AT_MS } from '../testing/memory-documents.ts';
import type { CommandRun, CommandScope } from './with-command.ts';
import { createWithCommand } from './with-command.ts';

const scope: CommandScope = {
  orgId: 'org1',
  callerUid: 'uid1',
  command: 'addNote',
  input: { text: 'Hello' },
};

/** Runs commands over `documents`; each writes a note and answers with its id. */
function open(documents = new MemoryDocuments(), run = documents.runTransaction) {
  const ids = countingIds();
  const withCommand = createWithCommand({ runTransaction: run, ids, keepMs: 30 * DAY_MS });
  let runs = 0;
  const addNote = (said: Partial<CommandScope> = {}) =>
    withCommand({ ...scope, ...said }, async ({ tx, newId }) => {
      runs += 1;
      const noteId = newId('note');
      tx.create(`notes/${noteId}`, {});
      return { noteId, run: runs };
    });
  const notes = () => [...documents.byPath.keys()].filter((path) => path.startsWith('notes/'));
  return { documents, withCommand, addNote, notes };
}

describe('a command with a key', () => {
  test('is recorded with its result, to be kept for 30 days by the server’s time', async () => {
    const { documents, addNote } = open();
    const result = await addNote({ idempotencyKey: 'k' });
    const path = 'commands/27e1dfce3fbfeea176e811046e8c421f1654787c';
    expect(documents.byPath.get(path)).toEqual({
      orgId: 'org1',
      callerUid: 'uid1',
      command: 'addNote',
      result,
      inputHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      createdAt: SERVER_TIME,
      expireAt: new Date(READ_AT_MS + 30 * DAY_MS),
    });
  });

  test('answers a second call with the first result and does nothing', async () => {
    const { addNote, notes } = open();
    const first = await addNote({ idempotencyKey: 'k' });
    expect(await addNote({ idempotencyKey: 'k' })).toEqual(first);
    expect(notes()).toHaveLength(1);
  });

  test('takes the same input in another order of keys as the same', async () => {
    const { addNote } = open();
    const first = await addNote({ idempotencyKey: 'k', input: { a: 1, b: { c: 2, d: 3 } } });
    const again = addNote({ idempotencyKey: 'k', input: { b: { d: 3, c: 2 }, a: 1 } });
    expect(await again).toEqual(first);
  });

  test('refuses the key for another input, and does nothing', async () => {
    const { addNote, notes } = open();
    await addNote({ idempotencyKey: 'k' });
    const error = await codedErrorOf(() => addNote({ idempotencyKey: 'k', input: { text: 'no' } }));
    expect(error.code).toBe('idempotency-key-reused');
    expect(notes()).toHaveLength(1);
  });

  test.each([{ orgId: 'org2' }, { callerUid: 'uid2' }, { command: 'addOther' }])(
    'is another command for %p',
    async (other) => {
      const { addNote, notes } = open();
      await addNote({ idempotencyKey: 'k' });
      await addNote({ idempotencyKey: 'k', ...other });
      expect(notes()).toHaveLength(2);
    },
  );

  test('that failed is not recorded: the same key may try again', async () => {
    const { withCommand, addNote, documents } = open();
    const failing = withCommand({ ...scope, idempotencyKey: 'k' }, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(documents.byPath.size).toBe(0);
    expect(await addNote({ idempotencyKey: 'k' })).toMatchObject({ run: 1 });
  });

  test.each(['', 'x'.repeat(201), '\uD800'])('refuses %p as a key', async (idempotencyKey) => {
    const { addNote, documents } = open();
    expect(await pathsOf(() => addNote({ idempotencyKey }))).toEqual(['idempotencyKey']);
    expect(documents.tokens).toEqual([]);
  });
});

describe('a command without a key', () => {
  test('is done at every call', async () => {
    const { addNote, notes } = open();
    const answers = [await addNote(), await addNote()];
    expect(answers.map(({ run }) => run)).toEqual([1, 2]);
    expect(notes()).toHaveLength(2);
  });

  test('whose answer was lost is done once and answers its first result', async () => {
    const documents = new MemoryDocuments();
    const { addNote, notes } = open(documents, documents.runTransactionTwice);
    expect(await addNote()).toMatchObject({ run: 1 });
    expect(notes()).toHaveLength(1);
    expect(new Set(documents.tokens).size).toBe(1);
  });
});

describe('whoever may not hear a result any more', () => {
  const admit = async (): Promise<never> => {
    throw new Error('left');
  };

  test('is not given it, whether or not the input is the same', async () => {
    const { addNote, notes } = open();
    await addNote({ idempotencyKey: 'k' });
    await expect(addNote({ idempotencyKey: 'k', admit })).rejects.toThrow('left');
    const other = addNote({ idempotencyKey: 'k', admit, input: {} });
    await expect(other).rejects.toThrow('left');
    expect(notes()).toHaveLength(1);
  });

  test('hears what they have just done, where its answer was lost: that they left, maybe', async () => {
    const documents = new MemoryDocuments();
    const { addNote } = open(documents, documents.runTransactionTwice);
    expect(await addNote({ idempotencyKey: 'k', admit })).toMatchObject({ run: 1 });
  });
});

describe('the ids of what a command creates', () => {
  const idsOf = (said: Partial<CommandScope>) =>
    open().withCommand({ ...scope, ...said }, async ({ newId }: CommandRun) => ({
      ids: [newId('note'), newId('comment'), newId('note')],
    }));

  test('are the same in every run with the same key, told apart by name', async () => {
    const { ids } = await idsOf({ idempotencyKey: 'k' });
    expect(await idsOf({ idempotencyKey: 'k' })).toEqual({ ids });
    expect(ids[0]).toMatch(/^[0-9a-f]{20}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[0]).toBe(ids[2]);
  });

  test('are others with another key', async () => {
    const { ids } = await idsOf({ idempotencyKey: 'k' });
    expect((await idsOf({ idempotencyKey: 'k2' })).ids).not.toEqual(ids);
  });
});

describe('a question', () => {
  const ask = async (said: Partial<CommandScope> = {}) => {
    const options: unknown[] = [];
    const documents = new MemoryDocuments();
    const run: RunTransaction = (token, work, how) => {
      options.push(how);
      return documents.runTransaction(token, work);
    };
    const { withCommand } = open(documents, run);
    let asked = 0;
    const askOnce = () =>
      withCommand({ ...scope, isQuestion: true, ...said }, async ({ nowMs }) => {
        asked += 1;
        return { asked, nowMs };
      });
    return { answers: [await askOnce(), await askOnce()], options, documents };
  };

  test.each([undefined, 'k'])(
    'is asked anew each time, with the key %p',
    async (idempotencyKey) => {
      const { answers } = await ask({ idempotencyKey });
      expect(answers).toEqual([
        { asked: 1, nowMs: READ_AT_MS },
        { asked: 2, nowMs: READ_AT_MS },
      ]);
    },
  );

  test('leaves no record, in transactions that could not write one', async () => {
    const { documents, options } = await ask({ idempotencyKey: 'k' });
    expect(documents.byPath.size).toBe(0);
    expect(options).toEqual([{ isReadOnly: true }, { isReadOnly: true }]);
  });
});
