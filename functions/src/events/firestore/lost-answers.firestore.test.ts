import { beforeEach, describe, expect, test } from '@jest/globals';
import { DAY_MS, systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { createLosingAnswers } from '../../kernel/testing/losing-answers.ts';
import { createWithCommand } from '../command/with-command.ts';
import { aNote } from '../testing/an-event.ts';
import { countDocuments, createTestEmit } from '../testing/firestore-log.ts';
import { readStream } from '../testing/event-rows.ts';

// A commit goes through, its answer does not: the client library tries again by itself, unseen.

/** The client waits for seconds before it tries again. */
const RETRY_TIMEOUT_MS = 30_000;

const { firestore, loseCommitAnswers, commitsSent } = createLosingAnswers();
const emit = createTestEmit(firestore);
const runTransaction = createRunTransaction(firestore);
const withCommand = createWithCommand({ runTransaction, ids: systemIds, keepMs: DAY_MS });

beforeEach(() => clearFirestore(firestore));

/** Runs `work` while one answer to a commit is lost, and checks that the client did try again. */
async function losingOneAnswer<T>(work: () => Promise<T>): Promise<T> {
  const sentBefore = commitsSent();
  loseCommitAnswers(1);
  const result = await work();
  expect(commitsSent() - sentBefore).toBeGreaterThan(1);
  return result;
}

describe('an emit whose first commit’s answer is lost', () => {
  test.each([undefined, 'k'])(
    'is one success and no duplicate, with key %p',
    async (idempotencyKey) => {
      const note = aNote(idempotencyKey === undefined ? {} : { idempotencyKey });
      expect(await losingOneAnswer(() => emit(note))).toMatchObject({ duplicate: false });
      expect(await countDocuments()).toBe(2);
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'is a duplicate where an earlier one had the key',
    async () => {
      const note = aNote({ idempotencyKey: 'k' });
      await emit(note);
      expect(await losingOneAnswer(() => emit(note))).toMatchObject({ duplicate: true });
      expect(await countDocuments()).toBe(2);
    },
    RETRY_TIMEOUT_MS,
  );
});

describe('a transaction whose commit’s answer is lost', () => {
  test(
    'appends once and answers its first success',
    async () => {
      const note = aNote({ stream: { expectedVersion: 0 } });
      const append = () =>
        runTransaction(systemIds.documentId(), (transaction) => emit(note, { transaction }));
      expect(await losingOneAnswer(append)).toMatchObject({ duplicate: false });
      expect(await readStream(firestore)).toHaveLength(1);
    },
    RETRY_TIMEOUT_MS,
  );

  test(
    'of Firestore’s own appends once too',
    async () => {
      const note = aNote({ stream: { expectedVersion: 'any' } });
      await losingOneAnswer(() =>
        firestore.runTransaction((transaction) => emit(note, { transaction })),
      );
      expect(await readStream(firestore)).toHaveLength(1);
    },
    RETRY_TIMEOUT_MS,
  );

  test.each([undefined, 'k'])(
    'of a command has one effect, with key %p',
    async (idempotencyKey) => {
      const scope = { orgId: 'org1', callerUid: 'uid1', command: 'addNote', input: {} };
      let runs = 0;
      const result = await losingOneAnswer(() =>
        withCommand({ ...scope, idempotencyKey }, async ({ tx }) => {
          runs += 1;
          const { eventId } = await emit(aNote(), { transaction: tx });
          return { eventId, run: runs };
        }),
      );
      expect(result.run).toBe(1);
      expect(await countDocuments()).toBe(3);
    },
    RETRY_TIMEOUT_MS,
  );
});
