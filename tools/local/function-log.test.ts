import { describe, expect, test } from '@jest/globals';
import { messageOf, systemClock } from '../../functions/src/kernel/index.ts';
import { createLogSender } from '../../functions/src/notifications/channels/log-sender.ts';
import { findErrors, formatFunctionLog, isWorthShowing, parseFunctionLog } from './function-log.ts';

describe('parseFunctionLog', () => {
  test('reads a structured entry', () => {
    const line = '>  {"jobId":"notif:o:e","severity":"WARNING","message":"attempt failed"}';
    expect(parseFunctionLog(line)).toEqual({
      severity: 'WARNING',
      message: 'attempt failed',
      fields: { jobId: 'notif:o:e' },
    });
  });

  test.each(['>  plain text', '>  [1,2]', '>  12'])('takes %s as text', (line) => {
    expect(parseFunctionLog(line)).toEqual({
      severity: 'INFO',
      message: line.slice(3),
      fields: {},
    });
  });

  test('takes a worker that died for an error', () => {
    const line = '⚠  Your function was killed because it raised an unhandled error.';
    expect(parseFunctionLog(line)).toMatchObject({ severity: 'ERROR' });
  });

  test("leaves out the emulators' own lines", () => {
    expect(parseFunctionLog('i  functions: Beginning execution of "x"')).toBeUndefined();
    expect(parseFunctionLog('')).toBeUndefined();
  });
});

test.each([
  ['DEBUG', false],
  ['INFO', false],
  ['WARNING', true],
  ['ERROR', true],
  ['unheard of', false],
])('%s is worth showing: %s', (severity, expected) => {
  expect(isWorthShowing({ severity, message: '', fields: {} })).toBe(expected);
});

describe('an e-mail that is refused on purpose', () => {
  async function refusal(): Promise<string> {
    const sender = createLogSender({ write: () => undefined }, systemClock);
    const email = { to: 'cleo+fail2@example.test', subject: '', text: '', attempt: 1 };
    return sender
      .send({ ...email, recipientUid: 'cleo', idempotencyKey: 'k' }, new AbortController().signal)
      .then(
        () => 'taken',
        (error: unknown) => messageOf(error),
      );
  }

  test.each([
    ['WARNING', 'job retry', false],
    // It was refused to the last: nobody said it would be.
    ['ERROR', 'job failed', true],
  ])('and ends as %s "%s" is worth showing: %s', async (severity, message, expected) => {
    const fields = { jobType: 'email', error: await refusal() };
    expect(isWorthShowing({ severity, message, fields })).toBe(expected);
  });

  test('hides no other retry', () => {
    const fields = { jobType: 'email', error: 'The mail provider is not available.' };
    expect(isWorthShowing({ severity: 'WARNING', message: 'job retry', fields })).toBe(true);
  });
});

describe('formatFunctionLog', () => {
  const fields = {
    runId: 'r1',
    code: 'unavailable',
    attempt: 2,
    'logging.googleapis.com/trace': 'x',
  };
  const entry = { severity: 'WARNING', message: 'job retry', fields };

  test('puts what tells most behind the message', () => {
    expect(formatFunctionLog(entry)).toBe('[warning] job retry code=unavailable attempt=2');
  });

  test('puts everything but the platform’s own fields there when asked to', () => {
    expect(formatFunctionLog(entry, true)).toBe(
      '[warning] job retry runId=r1 code=unavailable attempt=2',
    );
  });
});

test('findErrors leaves out what is no error: an alert tells how things are', () => {
  const entries = ['INFO', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT'].map((severity) => ({
    severity,
    message: severity,
    fields: {},
  }));
  expect(findErrors(entries).map(({ message }) => message)).toEqual(['ERROR', 'CRITICAL']);
});
