import { initializeApp } from 'firebase-admin/app';
import type { Firestore } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';

/** A client whose connection can lose the answer to a commit that the server has carried out. */
export interface LosingAnswers {
  readonly firestore: Firestore;
  /** The next `count` commits reach the server, and then their answers are lost. */
  readonly loseCommitAnswers: (count: number, loss?: Loss) => void;
  /** From now on every write is refused with this code and never reaches the server; undefined: none is. */
  readonly refuseCommits: (code: number | undefined) => void;
  /** How many commits were sent, retries among them. */
  readonly commitsSent: () => number;
}

/** How an answer is lost. */
export interface Loss {
  /** After `UNAVAILABLE`, the default, the client sends the very same commit again. */
  readonly code?: number;
  /** What others do after the commit was carried out and before its answer is found lost. */
  readonly meanwhile?: (() => Promise<unknown>) | undefined;
}

/** The part of grpc-js's description of a call that is looked at here. */
interface Call {
  readonly methodDefinition: { readonly path: string };
  readonly callback: (error: Error) => void;
}

/** The call to a method that no server has, which answers as if it were this refusal. */
function refused(call: Call, code: number): Call {
  const methodDefinition = { ...call.methodDefinition, path: '/none/None' };
  const refusal = Object.assign(new Error('refused'), { code });
  return { ...call, methodDefinition, callback: () => call.callback(refusal) };
}

/** The calls that write: all or nothing, and each write by itself. */
const WRITES = /\/(?:Commit|BatchWrite)$/;
/** After this answer a transaction's callback is run again. */
export const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/**
 * Steps in where the client library meets gRPC, by grpc-js's own option for it, so that every retry
 * above it is the real one.
 */
export function createLosingAnswers(): LosingAnswers {
  let toLose = 0;
  let how: Loss = {};
  let sent = 0;
  let refusal: number | undefined;
  const transform = (call: Call): Call => {
    if (!WRITES.test(call.methodDefinition.path)) return call;
    sent += 1;
    if (refusal !== undefined) return refused(call, refusal);
    if (toLose === 0) return call;
    toLose -= 1;
    const { code = UNAVAILABLE, meanwhile } = how;
    const lost = Object.assign(new Error('the answer was lost'), { code });
    const lose = (): void => call.callback(lost);
    const callback = (): unknown =>
      meanwhile === undefined ? lose() : meanwhile().then(lose, call.callback);
    return { ...call, callback };
  };
  const firestore = getFirestore(initializeApp({}, 'losing-answers'));
  firestore.settings({ 'grpc.callInvocationTransformer': transform });
  return {
    firestore,
    loseCommitAnswers: (count, loss = {}) => {
      toLose = count;
      how = loss;
    },
    refuseCommits: (code) => {
      refusal = code;
    },
    commitsSent: () => sent,
  };
}
