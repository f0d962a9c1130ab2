import { beforeEach, describe, expect, test } from '@jest/globals';
import { backend, firestore } from '../../composition/testing/backend.ts';
import { settle } from '../../composition/testing/order-stage.ts';
import { codedErrorOf } from '../../events/testing/failure.ts';
import { measure } from '../../kernel/testing/meter.ts';
import { callStatistics, phoneCompliance } from './index.ts';
import { ComplianceStage } from './testing/compliance-stage.ts';

let stage: ComplianceStage;

beforeEach(async () => {
  stage = await ComplianceStage.open();
});

async function typesOf(): Promise<string[]> {
  return (await stage.events()).map(({ eventType }) => eventType);
}

async function statusOf(callId: unknown): Promise<unknown> {
  return (await firestore.doc(`calls/${String(callId)}`).get()).get('status');
}

const refusedFor = (...rulesViolated: string[]) =>
  expect.objectContaining({ isAllowed: false, rulesViolated });

describe('a call', () => {
  test('goes from one step to the next while it may', async () => {
    await stage.grant();
    await stage.look(false);
    const { callId, isAllowed } = await stage.createCall();
    expect(isAllowed).toBe(true);
    await stage.attempt(callId);
    await stage.attempt(callId);
    await stage.start(callId);
    expect(await statusOf(callId)).toBe('started');
    await expect(stage.start(callId)).rejects.toMatchObject({ code: 'failed-precondition' });
    await expect(stage.attempt(callId)).rejects.toMatchObject({ code: 'failed-precondition' });
    expect(await typesOf()).toEqual([
      'consent.granted',
      'dnc.check_performed',
      'call.created',
      'call.attempted',
      'call.attempted',
      'call.started',
    ]);
  });

  test('is refused without consent: there is none of it, and a violation', async () => {
    expect(await stage.createCall()).toEqual({
      isAllowed: false,
      rulesViolated: ['consent_required'],
      callId: null,
      version: 1,
    });
    expect(await typesOf()).toEqual(['compliance.violation_detected']);
    expect((await firestore.collection('calls').get()).size).toBe(0);
  });

  test('is refused once the consent has ended, by the server’s time', async () => {
    await stage.plantEndedConsent();
    expect(await stage.createCall()).toEqual(refusedFor('consent_required'));
    const [, violation] = await stage.events();
    expect(violation?.payload).toMatchObject({
      details: { checks: [{ type: 'consent', reason: 'expired' }, { type: 'dnc' }] },
    });
  });

  test('is refused at each step that comes after a withdrawal or a hit, and stays where it is', async () => {
    await stage.grant();
    const { callId } = await stage.createCall();
    await stage.look(true);
    expect(await stage.attempt(callId)).toEqual(refusedFor('do_not_call'));
    expect(await statusOf(callId)).toBe('created');
    await stage.look(false);
    await stage.attempt(callId);
    await stage.revoke();
    expect(await stage.start(callId)).toEqual(refusedFor('consent_required'));
    expect(await statusOf(callId)).toBe('attempted');
    const violations = (await stage.events()).filter(({ eventType }) =>
      eventType.startsWith('compliance.'),
    );
    expect(violations.map(({ payload }) => payload)).toMatchObject([
      { callId, severity: 'high', details: { step: 'attempted' } },
      { callId, severity: 'medium', details: { step: 'started' } },
    ]);
    expect(violations[0]?.related).toContain(`call:${String(callId)}`);
  });

  test('that is refused is refused once by its key, with one violation', async () => {
    const idempotencyKey = 'k';
    const first = await stage.createCall({ idempotencyKey });
    await stage.grant();
    expect(await stage.createCall({ idempotencyKey })).toEqual(first);
    expect(await typesOf()).toEqual(['compliance.violation_detected', 'consent.granted']);
  });

  test('and a withdrawal at once: whichever is first, none goes out after it', async () => {
    await stage.grant();
    const { callId } = await stage.createCall();
    const [attempt] = await Promise.all([stage.attempt(callId), stage.revoke()]);
    const [, , third, fourth] = await typesOf();
    expect([third, fourth]).toEqual(
      attempt['isAllowed'] === true
        ? ['call.attempted', 'consent.revoked']
        : ['consent.revoked', 'compliance.violation_detected'],
    );
  });
});

test('a phone is nothing without a key, and the refusal does not say what is there instead', async () => {
  const key = process.env['PHONE_HASH_KEY'];
  process.env['PHONE_HASH_KEY'] = 'too-short-a-key';
  try {
    const error = await codedErrorOf(() => stage.grant());
    expect([error.code, error.problems[0]?.path]).toEqual(['invalid-setting', 'PHONE_HASH_KEY']);
    expect(error.message).not.toContain('too-short');
  } finally {
    process.env['PHONE_HASH_KEY'] = key;
  }
  expect((await firestore.collection('domain_events').get()).docs).toHaveLength(2);
});

test('a step of a call costs what the page says', async () => {
  await stage.grant();
  const { callId } = await stage.createCall();
  // Its own record, the caller's membership, the call, the head, and the events that it is decided by.
  const cost = await measure(firestore, () => stage.attempt(callId));
  expect(cost).toEqual({ reads: 4 + 2, writes: 7, deletes: 0 });
});

describe('what is asked', () => {
  test('is answered by read models, which are the same when they are made anew', async () => {
    await stage.grant({ expiresAt: '2999-01-01T00:00:00.000Z' });
    await stage.look(false);
    const { callId } = await stage.createCall();
    await stage.attempt(callId);
    await stage.start(callId);
    await stage.createCall({ consentType: 'service' });
    await settle();
    const attempt = (await stage.events()).find(({ eventType }) => eventType === 'call.attempted');
    const lastCallAt = attempt?.occurredAt?.toISOString() ?? '';
    const day = lastCallAt.slice(0, 10);
    const before = await stage.status();
    expect(before).toEqual({
      phoneNumberHash: attempt?.entityId,
      consents: [
        {
          consentType: 'marketing',
          channel: 'voice',
          status: 'granted',
          expiresAt: '2999-01-01T00:00:00.000Z',
        },
      ],
      dnc: { isOnDnc: false, lists: ['federal'], checkedAt: expect.stringMatching(`^${day}`) },
      lastCallAt,
      callsIn24h: 1,
      violations: 1,
      score: 90,
    });
    const statistics = { day, created: 1, attempted: 1, started: 1, violations: 1 };
    expect(await stage.statistics(day)).toEqual(statistics);
    for (const projection of [phoneCompliance, callStatistics]) {
      await backend.projections.rebuild(projection, stage.orgId);
    }
    expect(await stage.status()).toEqual(before);
    expect(await stage.statistics(day)).toEqual(statistics);
  });

  test('of the trail comes page by page, without a gap, until there is no next page', async () => {
    await stage.grant();
    for (const isOnDnc of [true, false, true, false]) await stage.look(isOnDnc);
    const pages: unknown[][] = [];
    for (let fromVersion: unknown = 1; fromVersion !== null;) {
      const { events, nextVersion } = await stage.trail({ fromVersion, limit: 2 });
      pages.push((events as { version: number }[]).map(({ version }) => version));
      fromVersion = nextVersion;
    }
    expect(pages).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('of the trail is everything that was said, times as texts', async () => {
    await stage.grant({ expiresAt: '2999-01-01T00:00:00.000Z' });
    const { events } = await stage.trail();
    const [logged] = await stage.events();
    expect(events).toEqual([
      expect.objectContaining({
        version: 1,
        eventId: logged?.eventId,
        actorId: 'ben',
        payload: { ...(logged?.payload as object), expiresAt: '2999-01-01T00:00:00.000Z' },
        contentHash: logged?.contentHash,
        previousHash: null,
      }),
    ]);
  });

  test('costs what the page says, and no write', async () => {
    await stage.grant();
    await stage.createCall();
    await settle();
    const ofPhone = await measure(firestore, () => stage.status());
    expect(ofPhone).toEqual({ reads: 4, writes: 0, deletes: 0 });
    const ofDay = await measure(firestore, () => stage.statistics('2030-01-31'));
    expect(ofDay).toEqual({ reads: 19, writes: 0, deletes: 0 });
  });
});
