import { initializeApp } from 'firebase-admin/app';
import type { Firestore } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';

/** A client whose connection can lose the answer to a commit that the server has carried out. */
export interface LosingAnswers {
  readonly firestore: Firestore;
  /** The next `count` commits reach the server and are answered with UNAVAILABLE. */
  readonly loseCommitAnswers: (count: number) => void;
  /** How many commits were sent, retries among them. */
  readonly commitsSent: () => number;
}

/** The part of grpc-js's description of a call that is looked at here. */
interface Call {
  readonly methodDefinition: { readonly path: string };
  readonly callback: (error: Error) => void;
}

const UNAVAILABLE = 14;

/**
 * Steps in where the client library meets gRPC, by grpc-js's own option for it, so that every retry
 * above it is the real one.
 */
export function createLosingAnswers(): LosingAnswers {
  let toLose = 0;
  let sent = 0;
  const transform = (call: Call): Call => {
    if (!call.methodDefinition.path.endsWith('/Commit')) return call;
    sent += 1;
    if (toLose === 0) return call;
    toLose -= 1;
    const lost = Object.assign(new Error('the answer was lost'), { code: UNAVAILABLE });
    return { ...call, callback: () => call.callback(lost) };
  };
  const firestore = getFirestore(initializeApp({}, 'losing-answers'));
  firestore.settings({ 'grpc.callInvocationTransformer': transform });
  return {
    firestore,
    loseCommitAnswers: (count) => (toLose = count),
    commitsSent: () => sent,
  };
}
