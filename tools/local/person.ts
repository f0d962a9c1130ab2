import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth } from 'firebase/auth';
import {
  collection,
  connectFirestoreEmulator,
  getDocs,
  getFirestore,
  query,
  terminate,
  where,
  type Firestore,
} from 'firebase/firestore';
import {
  connectFunctionsEmulator,
  getFunctions,
  httpsCallable,
  type Functions,
} from 'firebase/functions';
import type { StackAddress } from './stack.ts';

/** Somebody with a client app of their own: what they may do is what the rules and the callables allow. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly uid: string;
  call<Result>(callable: string, input: object): Promise<Result>;
  readOwnNotifications(orgId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The code of the refusal, or undefined where the rules let them read. */
  tryToRead(collectionId: string): Promise<string | undefined>;
  leave(): Promise<void>;
}

export async function signUp(stack: StackAddress, name: string, email: string): Promise<Person> {
  const { projectId } = stack;
  const app = initializeApp({ apiKey: 'demo', projectId }, `${name}-${crypto.randomUUID()}`);
  const auth = getAuth(app);
  const authUrl = `http://${stack.host}:${String(stack.ports.auth)}`;
  connectAuthEmulator(auth, authUrl, { disableWarnings: true });
  const functions = getFunctions(app, 'us-central1');
  connectFunctionsEmulator(functions, stack.host, stack.ports.functions);
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, stack.host, stack.ports.firestore);
  const { user } = await createUserWithEmailAndPassword(auth, email, 'demo-password');
  return {
    name,
    email,
    uid: user.uid,
    call: (callable, input) => call(functions, callable, input),
    readOwnNotifications: (orgId) => readOwnNotifications(firestore, orgId, user.uid),
    tryToRead: (collectionId) => tryToRead(firestore, collectionId),
    leave: () => leave(app, firestore),
  };
}

async function call<Result>(
  functions: Functions,
  callable: string,
  input: object,
): Promise<Result> {
  try {
    const { data } = await httpsCallable<object, Result>(functions, callable)(input);
    return data;
  } catch (error) {
    throw new Error(`${callable} was refused: ${explain(error)}`, { cause: error });
  }
}

function explain(error: unknown): string {
  const { code, message, details } = error as {
    code?: string;
    message?: string;
    details?: unknown;
  };
  const suffix = details === undefined ? '' : ` ${JSON.stringify(details)}`;
  return `${code ?? 'unknown'}: ${message ?? String(error)}${suffix}`;
}

async function readOwnNotifications(
  firestore: Firestore,
  orgId: string,
  uid: string,
): Promise<Record<string, unknown>[]> {
  const own = query(
    collection(firestore, 'notifications'),
    where('orgId', '==', orgId),
    where('recipientUid', '==', uid),
  );
  return (await getDocs(own)).docs.map((document) => document.data());
}

async function tryToRead(firestore: Firestore, collectionId: string): Promise<string | undefined> {
  try {
    await getDocs(collection(firestore, collectionId));
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function leave(app: FirebaseApp, firestore: Firestore): Promise<void> {
  await terminate(firestore);
  await deleteApp(app);
}
