import type {
  CallableFunction,
  CallableOptions,
  CallableRequest,
  FunctionsErrorCode,
} from 'firebase-functions/https';
import { HttpsError, onCall } from 'firebase-functions/https';
import type { z } from 'zod';
import type { Caller, ErrorCode } from '#kernel';
import { CodedError, isEntityId, systemIds } from '#kernel';
import type { AnyEvent, Command } from '../composition/index.ts';
import { executeCommand, getBackend } from '../composition/index.ts';
import { addressOf } from './client-address.ts';
import { DEPLOYMENT } from './deployment.ts';
import { logs } from './logs.ts';
import { traceOf } from './request-trace.ts';

const STATUS_OF: Readonly<Record<ErrorCode, FunctionsErrorCode>> = {
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

/**
 * Serves a command to signed-in clients: unwraps, runs, maps errors. App Check outside the emulator.
 * `options`: the secrets that it needs, if any.
 */
export function callable<
  Input extends z.ZodObject,
  Result extends Readonly<Record<string, unknown>>,
>(
  command: Command<AnyEvent, Input, Result>,
  options: Pick<CallableOptions, 'secrets'> = {},
): CallableFunction<unknown, Promise<Result>> {
  const enforceAppCheck = process.env['FUNCTIONS_EMULATOR'] !== 'true';
  return onCall(
    { ...DEPLOYMENT, ...options, enforceAppCheck },
    async (request): Promise<Result> => {
      const caller = callerOf(request);
      try {
        return await executeCommand(getBackend().commands, command, caller, request.data);
      } catch (error) {
        throw toHttpsError(error, command.name, caller);
      }
    },
  );
}

function callerOf({ auth, rawRequest }: CallableRequest): Caller {
  const uid = auth?.uid;
  if (uid === undefined || !isEntityId(uid)) {
    throw new HttpsError('unauthenticated', 'Sign in first.', { code: 'unauthenticated' });
  }
  return {
    uid,
    ...traceOf(rawRequest.headers, systemIds),
    ipAddress: addressOf(rawRequest),
    userAgent: rawRequest.headers['user-agent']?.slice(0, 500),
  };
}

/** What a caller may know: an expected error whole, a surprise only as such. */
function toHttpsError(error: unknown, command: string, caller: Caller): HttpsError {
  const about = { command, uid: caller.uid, correlationId: caller.correlationId };
  if (error instanceof CodedError) {
    const isOurs = error.code === 'invalid-setting';
    logs.commandRefused({ ...about, code: error.code, error: error.message }, isOurs);
    const { code, problems } = error;
    return new HttpsError(STATUS_OF[code], error.message, { code, problems });
  }
  logs.commandFailed(about, error);
  const { correlationId } = caller;
  const message = `Something went wrong on our side. Reference: ${correlationId}.`;
  return new HttpsError('internal', message, { code: 'internal', correlationId });
}
