import type { Functions } from 'firebase/functions';
import { httpsCallable } from 'firebase/functions';
import { CallError } from './call-error.ts';
import type { CallableName, InputOf, Intent, ResultOf } from './intent.ts';
import { intentTo } from './intent.ts';
import type { System } from './system.ts';
import { system } from './system.ts';

/** Calls this backend as the user who is signed in. Whatever fails is thrown as `CallError`. */
export interface Client {
  /** Does something once: `send(intentTo(name, input))`. */
  readonly call: <Name extends CallableName>(
    name: Name,
    input: InputOf<Name>,
  ) => Promise<ResultOf<Name>>;
  /**
   * Sends an intent, up to three times while it has no answer or meets contention; each time with its key, so
   * that it is done once. After a `CallError` that `isPassing` it may be sent again, at any time.
   */
  readonly send: <Name extends CallableName>(intent: Intent<Name>) => Promise<ResultOf<Name>>;
}

/** Between one try and the next. */
const WAITS_MS = [500, 2_000];

/** The client over an app's `getFunctions(app, region)`; App Check and Auth are the app's own. */
export function openClient(functions: Functions, { newKey, wait }: System = system): Client {
  const send: Client['send'] = async (intent) => {
    for (const waitMs of WAITS_MS) {
      try {
        return await sendOnce(functions, intent);
      } catch (error) {
        if (!(error instanceof CallError) || !error.isPassing) throw error;
      }
      await wait(waitMs);
    }
    return sendOnce(functions, intent);
  };
  return { send, call: (name, input) => send(intentTo(name, input, { newKey })) };
}

async function sendOnce<Name extends CallableName>(
  functions: Functions,
  { name, input, idempotencyKey }: Intent<Name>,
): Promise<ResultOf<Name>> {
  const callable = httpsCallable<object, ResultOf<Name>>(functions, name);
  try {
    return (await callable({ ...input, idempotencyKey })).data;
  } catch (error) {
    throw new CallError(error);
  }
}
