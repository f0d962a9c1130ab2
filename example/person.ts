import { deleteApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth } from 'firebase/auth';
import type { Firestore } from 'firebase/firestore';
import {
  collection,
  connectFirestoreEmulator,
  getFirestore,
  onSnapshot,
  orderBy,
  query,
  terminate,
  where,
} from 'firebase/firestore';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import type { Client } from '../client/index.ts';
import { openClient } from '../client/index.ts';

/** Where the emulators are. */
export interface Place {
  readonly projectId: string;
  readonly host: string;
  readonly ports: { readonly auth: number; readonly firestore: number; readonly functions: number };
}

/** What somebody is told. */
export interface Notification {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

/** Somebody who is signed in, in an app of their own. */
export interface Person {
  readonly uid: string;
  readonly name: string;
  readonly email: string;
  readonly client: Client;
  /** Tells all of their notifications in an organization, newest first, now and whenever one arrives. */
  readonly watch: (
    orgId: string,
    told: (notifications: readonly Notification[]) => void,
    failed: (error: Error) => void,
  ) => void;
  readonly leave: () => Promise<void>;
}

/** Signs up somebody new. */
export async function signUp(place: Place, name: string): Promise<Person> {
  const { projectId, host, ports } = place;
  const app = initializeApp({ apiKey: 'demo', projectId }, `${name}-${crypto.randomUUID()}`);
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${host}:${ports.auth}`, { disableWarnings: true });
  const functions = getFunctions(app, 'us-central1');
  connectFunctionsEmulator(functions, host, ports.functions);
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, host, ports.firestore);
  const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.test`;
  const { user } = await createUserWithEmailAndPassword(auth, email, 'demo-password');
  return {
    uid: user.uid,
    name,
    email,
    client: openClient(functions),
    watch: (orgId, told, failed) => watch(firestore, { orgId, uid: user.uid }, { told, failed }),
    leave: async () => {
      await terminate(firestore);
      await deleteApp(app);
    },
  };
}

/** What the rules let somebody read: their own, of an organization that they are in. It ends with the app. */
function watch(
  firestore: Firestore,
  { orgId, uid }: { orgId: string; uid: string },
  {
    told,
    failed,
  }: { told: Parameters<Person['watch']>[1]; failed: Parameters<Person['watch']>[2] },
): void {
  const own = query(
    collection(firestore, 'notifications'),
    where('orgId', '==', orgId),
    where('recipientUid', '==', uid),
    orderBy('createdAt', 'desc'),
  );
  onSnapshot(
    own,
    ({ docs }) => told(docs.map((doc) => ({ ...(doc.data() as Notification), id: doc.id }))),
    failed,
  );
}
