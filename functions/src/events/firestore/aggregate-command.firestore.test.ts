import { beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Access, LogEntry } from '#kernel';
import { CodedError, DAY_MS, systemIds } from '#kernel';
import { createRunTransaction } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { createStreams } from '../aggregates/load-aggregate.ts';
import { Catalog } from '../catalog/catalog.ts';
import type { Command } from '../command/command.ts';
import { commandsFor, executeCommand } from '../command/command.ts';
import { createWithCommand } from '../command/with-command.ts';
import { streamHash } from '../streams/stream.ts';
import { allOf } from '../testing/all-of.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { countDocuments, firestore, read } from '../testing/firestore-log.ts';
import type { GiftCardEvent } from '../testing/gift-card.ts';
import { giftCard, giftCardEvents, issueGiftCard, redeemGiftCard } from '../testing/gift-card.ts';
import { NO_CUSTOM_TYPES } from '../testing/custom-types.ts';
import { aPlanContext } from '../testing/plan-context.ts';
import { createFirestoreEmit } from './emit.ts';
import { createFirestoreStreamSource } from './stream-source.ts';

const SNAPSHOT_EVERY = 5;
const CONTENTION_TIMEOUT_MS = 60_000;

const logged: LogEntry[] = [];
const logger = { write: (entry: LogEntry) => void logged.push(entry) };
const runTransaction = createRunTransaction(firestore);
const catalog = new Catalog(giftCardEvents);
const source = createFirestoreStreamSource(firestore, catalog.decode);
const streams = createStreams({
  source,
  runTransaction,
  ids: systemIds,
  logger,
  snapshotEvery: SNAPSHOT_EVERY,
});
const context = { ...aPlanContext(), jobsFor: () => [], ids: systemIds };
const emit = createFirestoreEmit<GiftCardEvent>(firestore, {
  ...context,
  catalog,
  customTypes: NO_CUSTOM_TYPES,
  logger,
});
const access = { requireMember: async () => ({ uid: 'ada', role: 'member' }) } as unknown as Access;
const withCommand = createWithCommand({ runTransaction, ids: systemIds, keepMs: DAY_MS });

function call(command: unknown, data: object) {
  const caller = { uid: 'ada', correlationId: 'c1' };
  const deps = { withCommand, access, emit, streams };
  return executeCommand(deps, command as Command<GiftCardEvent>, caller, {
    orgId: 'org1',
    ...data,
  });
}

async function issue(amountMinor: number): Promise<string> {
  return String((await call(issueGiftCard, { amountMinor }))['cardId']);
}

const streamOf = (cardId: string) => ({ orgId: 'org1', entityType: 'gift_card', entityId: cardId });

async function typesOf(cardId: string): Promise<string[]> {
  const events = await allOf(streams.loadStream(streamOf(cardId)));
  return events.map(({ eventType }) => eventType.slice('gift_card.'.length));
}

beforeEach(async () => {
  await clearFirestore(firestore);
  logged.length = 0;
});

describe('a command on an aggregate', () => {
  test('appends what it decides, as its caller, and answers the state after it', async () => {
    const cardId = await issue(500);
    expect(await call(redeemGiftCard, { cardId, amountMinor: 200 })).toEqual({ balanceMinor: 300 });
    expect(await call(redeemGiftCard, { cardId, amountMinor: 300 })).toEqual({ balanceMinor: 0 });
    const events = await allOf(streams.loadStream(streamOf(cardId)));
    expect(events.map(({ eventType, streamVersion }) => [eventType, streamVersion])).toEqual([
      ['gift_card.issued', 1],
      ['gift_card.redeemed', 2],
      ['gift_card.redeemed', 3],
      ['gift_card.emptied', 4],
    ]);
    for (const { actor, metadata } of events) {
      expect([actor.actorId, metadata.correlationId]).toEqual(['ada', 'c1']);
    }
    const now = await streams.loadAggregate(giftCard, streamOf(cardId));
    expect(now).toEqual({ state: { balanceMinor: 0 }, version: 4 });
  });

  test('that is refused writes nothing', async () => {
    const cardId = await issue(500);
    const before = await countDocuments();
    const error = await codedErrorOf(() => call(redeemGiftCard, { cardId, amountMinor: 501 }));
    expect(error.code).toBe('failed-precondition');
    expect(await countDocuments()).toBe(before);
  });

  test('reads its record, the head and the events; with a snapshot, those since', async () => {
    const cardId = await issue(500);
    const redeem = (): Promise<unknown> => call(redeemGiftCard, { cardId, amountMinor: 1 });
    const reads: number[] = [];
    for (let version = 2; version <= 8; version += 1)
      reads.push((await measure(firestore, redeem)).reads);
    // At five events a snapshot is looked for, read about again, and written; then it is used.
    expect(reads).toEqual([3, 4, 5, 6, 2 + 1 + 5 + 1, 3 + 1, 3 + 2]);
    const path = `snapshots/${streamHash(streamOf(cardId))}-gift_card`;
    expect(await read(path)).toMatchObject({ version: 5, state: { balanceMinor: 496 } });
  });

  test('is answered, and its events are there, where the snapshot cannot be written', async () => {
    const cardId = await issue(500);
    const failing = createStreams({
      source,
      runTransaction: () => Promise.reject(new Error('no disk')),
      ids: systemIds,
      logger,
      snapshotEvery: 1,
    });
    const deps = { withCommand, access, emit, streams: failing };
    const data = { orgId: 'org1', cardId, amountMinor: 1 };
    const caller = { uid: 'ada', correlationId: 'c1' };
    const command = redeemGiftCard as unknown as Command<GiftCardEvent>;
    expect(await executeCommand(deps, command, caller, data)).toEqual({ balanceMinor: 499 });
    expect(logged).toMatchObject([{ message: 'snapshot could not be kept', error: 'no disk' }]);
    expect(await typesOf(cardId)).toEqual(['issued', 'redeemed']);
  });

  test('may keep a document for clients, with the head on it', async () => {
    const show = commandsFor<GiftCardEvent>()({
      name: 'show',
      input: z.strictObject({ orgId: z.string(), amountMinor: z.int() }),
      run: async ({ tx, newId, execute }, { orgId, amountMinor }) => {
        const entityId = newId('card');
        const headPath = `gift_cards/${entityId}`;
        const card = { orgId, entityId, headPath };
        const { state } = await execute(giftCard, card, { kind: 'issue', amountMinor });
        tx.merge(headPath, { ...state });
        return { entityId };
      },
    });
    const data = { amountMinor: 500 };
    const entityId = String((await call(show, data))['entityId']);
    const headPath = `gift_cards/${entityId}`;
    expect(await read(headPath)).toMatchObject({ balanceMinor: 500, stream: { version: 1 } });
    const stream = { ...streamOf(entityId), headPath };
    expect((await streams.loadAggregate(giftCard, stream)).version).toBe(1);
  });

  test('may follow another on the same one, and each sees what those before it did', async () => {
    const twice = commandsFor<GiftCardEvent>()({
      name: 'twice',
      input: z.strictObject({ orgId: z.string(), cardId: z.string() }),
      run: async ({ execute }, { orgId, cardId }) => {
        const card = { orgId, entityId: cardId };
        await execute(giftCard, card, { kind: 'redeem', amountMinor: 400 });
        const refusal = await codedErrorOf(() =>
          execute(giftCard, card, { kind: 'redeem', amountMinor: 101 }),
        );
        const { version } = await execute(giftCard, card, { kind: 'redeem', amountMinor: 100 });
        return { version, refusal: refusal.code };
      },
    });
    const cardId = await issue(500);
    expect(await call(twice, { cardId })).toEqual({ version: 4, refusal: 'failed-precondition' });
    expect(await typesOf(cardId)).toEqual(['issued', 'redeemed', 'redeemed', 'emptied']);
  });
});

describe('in one command', () => {
  const card = (orgId: string, entityId: string) => ({ orgId, entityId });
  const redeem = { kind: 'redeem', amountMinor: 1 } as const;

  test('an aggregate of another tenant with the same id is another', async () => {
    const both = commandsFor<GiftCardEvent>()({
      name: 'both',
      input: z.strictObject({ orgId: z.string(), cardId: z.string() }),
      run: async ({ execute }, { cardId }) => {
        await execute(giftCard, card('org1', cardId), redeem);
        const { code } = await codedErrorOf(() => execute(giftCard, card('org2', cardId), redeem));
        return { code };
      },
    });
    const cardId = await issue(500);
    expect(await call(both, { cardId })).toEqual({ code: 'not-found' });
  });

  test('two declarations of one entity type are refused, not mixed', async () => {
    const mixing = commandsFor<GiftCardEvent>()({
      name: 'mixing',
      input: z.strictObject({ orgId: z.string(), cardId: z.string() }),
      run: async ({ execute }, { cardId }) => {
        await execute(giftCard, card('org1', cardId), redeem);
        await execute({ ...giftCard }, card('org1', cardId), redeem);
        return {};
      },
    });
    const cardId = await issue(500);
    expect((await codedErrorOf(() => call(mixing, { cardId }))).code).toBe('invalid-setting');
    expect(await typesOf(cardId)).toEqual(['issued']);
  });
});

describe('two commands at once on one aggregate', () => {
  test(
    'one wins; the other decides again on what that left',
    async () => {
      const cardId = await issue(500);
      const redeem = () => call(redeemGiftCard, { cardId, amountMinor: 300 });
      const outcomes = await Promise.allSettled([redeem(), redeem()]);
      const [refused, ...others] = outcomes.filter(({ status }) => status === 'rejected');
      expect(others).toEqual([]);
      expect(refused).toMatchObject({ reason: { code: 'failed-precondition' } });
      expect(await typesOf(cardId)).toEqual(['issued', 'redeemed']);
    },
    CONTENTION_TIMEOUT_MS,
  );

  test(
    'of ten that may all be done each is done once, or answers that it was not',
    async () => {
      const cardId = await issue(1_000);
      const redeem = () => call(redeemGiftCard, { cardId, amountMinor: 1 });
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, redeem));
      const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
      expect(done).toBeGreaterThan(0);
      const reasons = outcomes.flatMap((one): unknown[] =>
        one.status === 'rejected' ? [one.reason] : [],
      );
      for (const reason of reasons) {
        expect(reason).toBeInstanceOf(CodedError);
        expect(reason).toMatchObject({ code: 'contention' });
      }
      const now = await streams.loadAggregate(giftCard, streamOf(cardId));
      expect(now).toEqual({ state: { balanceMinor: 1_000 - done }, version: 1 + done });
    },
    CONTENTION_TIMEOUT_MS,
  );

  test(
    'and five with one key are one',
    async () => {
      const cardId = await issue(500);
      const data = { cardId, amountMinor: 100, idempotencyKey: 'k' };
      const calls = Array.from({ length: 5 }, () => call(redeemGiftCard, data));
      const answers = await Promise.all(calls);
      expect(answers).toEqual(Array.from({ length: 5 }, () => ({ balanceMinor: 400 })));
      expect(await typesOf(cardId)).toEqual(['issued', 'redeemed']);
    },
    CONTENTION_TIMEOUT_MS,
  );
});
