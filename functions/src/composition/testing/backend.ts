import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { Command } from '#events';
import { executeCommand } from '#events';
import type { Caller } from '#kernel';
import { KeptLogs } from '../../outbox/testing/a-worker.ts';
import type { AnyEvent } from '../catalog.ts';
import { createBackend } from '../create-backend.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../settings.ts';

process.env['PHONE_HASH_KEY'] ??= 'tests-hash-phone-numbers-with-this';

/** The emulator's database, under the project of the test file that asks. */
export const firestore = getFirestore(initializeApp());

export const logs = new KeptLogs();

/** The backend as it is deployed with default settings, on the emulator. */
export const backend = createBackend({
  firestore,
  settings: parseSettings(DEFAULT_SETTINGS),
  logger: logs,
});

/** What the callable knows of a request by this person. */
function callerOf(uid: string, correlationId = `by-${uid}`): Caller {
  return { uid, correlationId, ipAddress: '203.0.113.7', userAgent: 'tests/1' };
}

/** A command that any data may be thrown at. */
export type AnyCommand = Command<AnyEvent>;

/** Calls a command as this person would, through everything but the wire. */
export function call(
  command: unknown,
  uid: string,
  data: unknown,
  correlationId?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const caller = callerOf(uid, correlationId);
  return executeCommand(backend.commands, command as AnyCommand, caller, data);
}
