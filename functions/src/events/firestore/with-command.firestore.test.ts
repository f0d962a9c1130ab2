import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Timestamp } from 'firebase-admin/firestore';
import { DAY_MS, systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { createWithCommand } from '../command/with-command.ts';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, emit, firestore } from '../testing/firestore-log.ts';

/** Contention makes the client wait for seconds before it tries again. */
const CONTENTION_TIMEOUT_MS = 30_000;
/** A note, its event, the event's job and the command's record. */
const DOCUMENTS_OF_A_COMMAND = 4;

const withCommand = createWithCommand({
  runTransaction: createRunTransaction(firestore),
  ids: systemIds,
  keepMs: 30 * DAY_MS,
});

beforeEach(() => clearFirestore(firestore));

/** Adds a note as features do: its document, its event, and an answer that names both. */
function addNote(idempotencyKey: string | undefined, text = 'Hello') {
  const scope = { orgId: 'org1', callerUid: 'uid1', command: 'addNote' };
  return withCommand({ ...scope, idempotencyKey, input: { text } }, async ({ tx, newId }) => {
    const noteId = newId('note');
    const headPath = `notes/${noteId}`;
    tx.create(headPath, { text });
    const stream = { expectedVersion: 0, headPath };
    const payload = { text };
    const note = aNote({ entityId: noteId, payload, stream });
    const { eventId } = await emit(note, { transaction: tx });
    return { noteId, eventId };
  });
}

describe('a command with a key', () => {
  test('called again has the same result and one effect', async () => {
    const first = await addNote('k');
    expect(await addNote('k')).toEqual(first);
    expect(await countDocuments()).toBe(DOCUMENTS_OF_A_COMMAND);
  });

  test(
    'called five times at once has five equal answers and one effect',
    async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => addNote('k')));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await countDocuments()).toBe(DOCUMENTS_OF_A_COMMAND);
    },
    CONTENTION_TIMEOUT_MS,
  );

  test('called with another input is refused, and writes nothing', async () => {
    await addNote('k');
    const error = await codedErrorOf(() => addNote('k', 'other'));
    expect(error.code).toBe('idempotency-key-reused');
    expect(await countDocuments()).toBe(DOCUMENTS_OF_A_COMMAND);
  });

  test('called again after its record has expired collides instead of doubling', async () => {
    await addNote('k');
    const records = await firestore.collection('commands').get();
    for (const record of records.docs) await record.ref.delete();
    expect((await codedErrorOf(() => addNote('k'))).code).toBe('already-exists');
    expect(await countDocuments()).toBe(DOCUMENTS_OF_A_COMMAND - 1);
  });

  test('is kept for 30 days', async () => {
    await addNote('k');
    const [record] = (await firestore.collection('commands').get()).docs;
    const { createdAt, expireAt } = record!.data() as Record<string, Timestamp>;
    const keptMs = expireAt!.toMillis() - createdAt!.toMillis();
    expect(Math.abs(keptMs - 30 * DAY_MS)).toBeLessThan(60_000);
  });
});

test('a command without a key called twice has two effects', async () => {
  const answers = [await addNote(undefined), await addNote(undefined)];
  expect(answers[0]).not.toEqual(answers[1]);
  expect(await countDocuments()).toBe(2 * DOCUMENTS_OF_A_COMMAND);
});

test('a command that fails leaves nothing, its record included', async () => {
  const scope = { orgId: 'org1', callerUid: 'uid1', command: 'addNote', input: {} };
  const failing = withCommand({ ...scope, idempotencyKey: 'k' }, async ({ tx }) => {
    await emit(aNote(), { transaction: tx });
    return emit(aNote({ entityId: 'a b' }), { transaction: tx }).then(() => ({}));
  });
  expect((await codedErrorOf(() => failing)).code).toBe('invalid-event');
  expect(await countDocuments()).toBe(0);
});
