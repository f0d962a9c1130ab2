import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { KeptLogs } from '../../outbox/testing/a-worker.ts';
import type { Email } from '../email.ts';
import { createLogSender } from './log-sender.ts';

const never = new AbortController().signal;

function email(to: string, attempt = 1): Email {
  return {
    to,
    attempt,
    subject: 'New comment',
    text: 'A secret',
    recipientUid: 'ben',
    idempotencyKey: 'email:org1:event1:ben',
  };
}

function aSender() {
  const logs = new KeptLogs();
  const clock = new ManualClock();
  return { sender: createLogSender(logs, clock), logs, clock };
}

/** Sends, letting time stand still; whether it was sent, refused, or is still on its way. */
async function endOf(sending: Promise<void>): Promise<string> {
  let end = 'waiting';
  void sending.then(
    () => (end = 'sent'),
    () => (end = 'refused'),
  );
  await turn();
  return end;
}

describe('an e-mail to the log', () => {
  test('is one line that says to whom by their uid, and neither address nor text', async () => {
    const { sender, logs } = aSender();
    expect(await endOf(sender.send(email('ben@example.test'), never))).toBe('sent');
    expect(logs.entries).toEqual([
      {
        severity: 'INFO',
        message: 'e-mail sent to the log',
        recipientUid: 'ben',
        subject: 'New comment',
        idempotencyKey: 'email:org1:event1:ben',
      },
    ]);
    expect(JSON.stringify(logs.entries)).not.toMatch(/@|secret/);
  });

  test.each([
    ['ben+fail2@example.test', 1, 'refused'],
    ['ben+fail2@example.test', 2, 'refused'],
    ['ben+fail2@example.test', 3, 'sent'],
    ['ben+fail99@example.test', 99, 'refused'],
    ['ben+fail0@example.test', 1, 'sent'],
    ['ben+failure@example.test', 1, 'sent'],
    ['fail2@example.test', 1, 'sent'],
  ])('to %s on attempt %d is %s', async (to, attempt, expected) => {
    const { sender, logs } = aSender();
    expect(await endOf(sender.send(email(to, attempt), never))).toBe(expected);
    expect(logs.entries).toHaveLength(expected === 'sent' ? 1 : 0);
  });

  test('to a slow address takes as many seconds as it says', async () => {
    const { sender, clock } = aSender();
    const sending = sender.send(email('ben+slow5@example.test'), never);
    clock.advance(4_999);
    expect(await endOf(sending)).toBe('waiting');
    clock.advance(1);
    expect(await endOf(sending)).toBe('sent');
  });

  test('to a slow address that also fails does both', async () => {
    const { sender, clock } = aSender();
    const sending = sender.send(email('ben+slow5+fail1@example.test'), never);
    clock.advance(5_000);
    expect(await endOf(sending)).toBe('refused');
  });

  test('that is aborted on its way is not sent', async () => {
    const { sender, logs } = aSender();
    const abort = new AbortController();
    const sending = sender.send(email('ben+slow5@example.test'), abort.signal);
    abort.abort();
    expect(await endOf(sending)).toBe('refused');
    expect(logs.entries).toEqual([]);
  });
});
