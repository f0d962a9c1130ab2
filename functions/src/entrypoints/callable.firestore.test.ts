import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CallableRequest } from 'firebase-functions/https';
import { HttpsError } from 'firebase-functions/https';
import functionsTest from 'firebase-functions-test';
import { getFirestore } from 'firebase-admin/firestore';
import { z } from 'zod';
import type { ErrorCode, LogEntry } from '#kernel';
import { CodedError } from '#kernel';
import type { AnyEvent, Command } from '../composition/index.ts';
import { firebaseLogger } from '../composition/index.ts';
import { DEFAULT_SETTINGS } from '../composition/settings.ts';
import { callable } from './callable.ts';

const lines: LogEntry[] = [];
jest.spyOn(firebaseLogger, 'write').mockImplementation((entry) => lines.push(entry));

const { wrap, cleanup } = functionsTest({ projectId: process.env['GCLOUD_PROJECT'] ?? '' });
afterAll(cleanup);

const ada = { uid: 'ada', token: {} } as unknown as CallableRequest['auth'];
const forwarded = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' };
const rawRequest = { ip: '6.6.6.6', headers: { 'user-agent': 'x'.repeat(600), ...forwarded } };

const emptyCall = { auth: ada, data: {} };

type Work = Command<AnyEvent>['run'];

/** Calls a function that does `run` as a client's call would reach it. */
function callOf(run: Work, request: object): Promise<unknown> {
  const input = z.strictObject({ name: z.string().max(9).optional() });
  const served = wrap(callable({ name: 'tryOut', input, run }));
  return Promise.resolve(served({ rawRequest, ...request } as unknown as CallableRequest<unknown>));
}

async function errorOf(run: Work, request: object = emptyCall): Promise<HttpsError> {
  const error = await callOf(run, request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HttpsError) return error;
  throw new Error('It ended otherwise.', { cause: error });
}

const doNothing: Work = async () => ({});

describe('before the settings have arrived', () => {
  test('a call names each that is missing', async () => {
    const { code, details } = await errorOf(doNothing);
    expect(code).toBe('failed-precondition');
    const { problems } = details as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path)).toContain('OUTBOX_LEASE_MS');
  });
});

describe('a call', () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) process.env[name] = String(value);
  });

  test('is answered with what the command returns', async () => {
    const run: Work = async ({ caller }, input) => ({ uid: caller.uid, ...input });
    expect(await callOf(run, { auth: ada, data: { name: 'x' } })).toEqual({
      uid: 'ada',
      name: 'x',
    });
  });

  test('tells the command where it came from, the browser’s name cut', async () => {
    const run: Work = async ({ caller }) => ({ ...caller });
    expect(await callOf(run, { auth: ada, data: {} })).toEqual({
      uid: 'ada',
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ipAddress: '203.0.113.7',
      userAgent: 'x'.repeat(500),
    });
  });

  test('without an address or a browser is as good', async () => {
    const bare = { rawRequest: { headers: {} }, auth: ada, data: {} };
    const run: Work = async ({ caller }) => ({ uid: caller.uid });
    expect(await callOf(run, bare)).toEqual({ uid: 'ada' });
  });

  test.each([
    ['nobody', undefined],
    ['a uid that is a path', { uid: 'a/b', token: {} }],
    ['an empty uid', { uid: '', token: {} }],
  ])('by %s is unauthenticated, and nothing runs', async (_, auth) => {
    let ran = false;
    const run: Work = async () => ({ ran: (ran = true) });
    const error = await errorOf(run, { auth, data: {} });
    expect([error.code, error.details]).toEqual(['unauthenticated', { code: 'unauthenticated' }]);
    expect(ran).toBe(false);
  });

  test('with wrong input is told the path of each problem', async () => {
    const said = { name: 'x'.repeat(10), idempotencyKey: '' };
    const { code, details } = await errorOf(doNothing, { auth: ada, data: said });
    expect(code).toBe('invalid-argument');
    expect(details).toEqual({
      code: 'invalid-input',
      problems: [
        { path: 'name', message: expect.any(String) },
        { path: 'idempotencyKey', message: expect.any(String) },
      ],
    });
  });
});

describe('what a request calls itself', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const headers = { 'x-correlation-id': 'request-7', traceparent };
  const traced = { ...emptyCall, rawRequest: { headers } };

  test('is on its events and on their jobs', async () => {
    const run: Work = async ({ emit }) => {
      const about = { orgId: 'org1', entityType: 'comment', entityId: 'c1' } as const;
      const payload = { body: 'Hello', matterId: 'matter1' };
      return { ...(await emit({ ...about, eventType: 'comment.added', payload })) };
    };
    const { eventId, jobIds } = (await callOf(run, traced)) as {
      eventId: string;
      jobIds: readonly string[];
    };
    const paths = [`domain_events/${eventId}`, ...jobIds.map((id) => `outbox/${id}`)];
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths) {
      const row = (await getFirestore().doc(path).get()).data();
      expect(row?.['metadata']).toMatchObject({ correlationId: 'request-7', traceparent });
    }
  });

  test('is on its lines in the log, and in the answer to a failure', async () => {
    lines.length = 0;
    const failing: Work = () => Promise.reject(new Error('no'));
    const { details } = await errorOf(failing, traced);
    expect(details).toMatchObject({ correlationId: 'request-7' });
    await errorOf(() => Promise.reject(new CodedError('not-found', 'No')), traced);
    expect(lines.map(({ correlationId }) => correlationId)).toEqual(['request-7', 'request-7']);
  });
});

describe('a refusal is logged', () => {
  test.each<[ErrorCode, string]>([
    ['permission-denied', 'INFO'],
    ['invalid-setting', 'ERROR'],
  ])('%s as %s', async (code, severity) => {
    lines.length = 0;
    await errorOf(() => Promise.reject(new CodedError(code, 'No')));
    const said = { message: 'command refused', command: 'tryOut', uid: 'ada', code, error: 'No' };
    expect(lines).toEqual([{ severity, ...said, correlationId: expect.any(String) }]);
  });
});

describe('a refusal reaches the client', () => {
  const statuses: Readonly<Record<ErrorCode, string>> = {
    'invalid-input': 'invalid-argument',
    'invalid-event': 'invalid-argument',
    'invalid-schema': 'invalid-argument',
    'payload-too-large': 'invalid-argument',
    unauthenticated: 'unauthenticated',
    'permission-denied': 'permission-denied',
    'not-found': 'not-found',
    'already-exists': 'already-exists',
    contention: 'aborted',
    'failed-precondition': 'failed-precondition',
    'idempotency-key-reused': 'already-exists',
    'stream-conflict': 'aborted',
    'stream-needs-transaction': 'internal',
    'stream-broken': 'data-loss',
    'event-unreadable': 'internal',
    archived: 'failed-precondition',
    'archive-damaged': 'data-loss',
    'projection-gap': 'failed-precondition',
    'projection-failed': 'internal',
    'unsupported-query': 'invalid-argument',
    'bad-cursor': 'invalid-argument',
    'invalid-setting': 'failed-precondition',
  };

  test.each(Object.entries(statuses) as [ErrorCode, string][])('%s as %s', async (code, status) => {
    const problems = [{ path: 'a.0', message: 'no' }];
    const error = await errorOf(() =>
      Promise.reject(new CodedError(code, 'It is refused', problems)),
    );
    expect([error.code, error.message]).toEqual([status, 'It is refused: a.0: no']);
    expect(error.details).toEqual({ code, problems });
  });
});

describe('a surprise', () => {
  const secret = 'connect to 10.0.0.7 as root with hunter2';
  const surprise: Work = async ({ tx }) => {
    tx.create('surprises/one', {});
    throw new TypeError(secret);
  };

  test('is internal, without a word of what it was', async () => {
    const error = await errorOf(surprise);
    expect(error.code).toBe('internal');
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/10\.0|hunter2|TypeError/);
    expect((await getFirestore().doc('surprises/one').get()).exists).toBe(false);
  });

  test('is in the log under the reference that the client was given', async () => {
    lines.length = 0;
    const { message, details } = await errorOf(surprise);
    const { correlationId } = details as { correlationId: string };
    expect(message).toContain(correlationId);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      severity: 'ERROR',
      message: 'command failed',
      command: 'tryOut',
      uid: 'ada',
      correlationId,
      error: secret,
      stack: expect.stringContaining('TypeError'),
    });
  });

  test('that is no error at all is one too', async () => {
    const error = await errorOf(() => {
      // oxlint-disable-next-line typescript/only-throw-error -- what some libraries do.
      throw secret;
    });
    expect([error.code, error.message.includes('hunter2')]).toEqual(['internal', false]);
  });
});
