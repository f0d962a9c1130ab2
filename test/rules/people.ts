import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RulesTestEnvironment } from '@firebase/rules-unit-testing';
import { initializeTestEnvironment } from '@firebase/rules-unit-testing';
import type { Firestore } from 'firebase/firestore';
import { doc, setLogLevel, writeBatch } from 'firebase/firestore';
import { ROOT_DIR } from '../../tools/paths.ts';

/** Whoever may come along; each but the first is signed in under that uid. */
export const PEOPLE = [
  /** Not signed in. */
  'nobody',
  /** In no organization. */
  'stranger',
  /** An admin of another organization. */
  'foreigner',
  /** In the organization, not in the matter. */
  'outsider',
  /** In the matter, and the recipient of the notification. */
  'insider',
  /** An admin of the organization. */
  'admin',
  /** In the matter still, and told of it once, but no longer in the organization. */
  'leaver',
] as const;
export type Person = (typeof PEOPLE)[number];

const matter = { orgId: 'org1', memberUids: ['insider', 'leaver'] };
const money = { orgId: 'org1', amountMinor: 100, currency: 'EUR' };
const notification = { orgId: 'org1', title: 'New comment', readAt: null };
const at = (minute: number): Date => new Date(Date.UTC(2030, 0, 1, 0, minute));

/** What is there before anybody comes. */
const documents: Readonly<Record<string, Record<string, unknown>>> = {
  'orgs/org1': { orgId: 'org1', name: 'Smith' },
  'orgs/org1/members/outsider': { orgId: 'org1', uid: 'outsider', role: 'member' },
  'orgs/org1/members/insider': { orgId: 'org1', uid: 'insider', role: 'member' },
  'orgs/org1/members/admin': { orgId: 'org1', uid: 'admin', role: 'admin' },
  'orgs/org2': { orgId: 'org2', name: 'Other' },
  'orgs/org2/members/foreigner': { orgId: 'org2', uid: 'foreigner', role: 'admin' },
  'matters/matter1': matter,
  'matters/matter1/comments/comment1': { orgId: 'org1', matterId: 'matter1', body: 'Hello' },
  'matters/matter1/tasks/task1': { orgId: 'org1', matterId: 'matter1', status: 'open' },
  'matters/matter1/documents/file1': { orgId: 'org1', matterId: 'matter1', name: 'a.pdf' },
  'clients/client1': { orgId: 'org1', name: 'Doe', email: 'doe@example.test' },
  'invoices/ofMatter': { ...money, matterId: 'matter1' },
  'invoices/ofOrg': { ...money, matterId: null },
  'payments/ofMatter': { ...money, matterId: 'matter1' },
  'payments/ofOrg': { ...money, matterId: null },
  ...Object.fromEntries(
    ['orders', 'fulfillments', 'shipments'].flatMap((name) => [
      [`${name}/ofMatter`, { orgId: 'org1', matterId: 'matter1', status: 'created' }],
      [`${name}/ofOrg`, { orgId: 'org1', matterId: null, status: 'created' }],
    ]),
  ),
  'notifications/older': { ...notification, recipientUid: 'insider', createdAt: at(1) },
  'notifications/newer': { ...notification, recipientUid: 'insider', createdAt: at(2) },
  'notifications/leavers': { ...notification, recipientUid: 'leaver', createdAt: at(2) },
  'notifications/others': { ...notification, recipientUid: 'outsider', createdAt: at(3) },
};

/** The emulator with this project's rules and the documents above; `closed` get a document each. */
export async function openDatabase(closed: readonly string[] = []): Promise<RulesTestEnvironment> {
  setLogLevel('silent');
  const [host = '', port = ''] = (process.env['FIRESTORE_EMULATOR_HOST'] ?? '').split(':');
  const environment = await initializeTestEnvironment({
    projectId: process.env['GCLOUD_PROJECT'] ?? '',
    firestore: {
      host,
      port: Number(port),
      rules: readFileSync(join(ROOT_DIR, 'firestore.rules'), 'utf8'),
    },
  });
  await environment.clearFirestore();
  await environment.withSecurityRulesDisabled(async (context) => {
    const firestore = context.firestore() as unknown as Firestore;
    const batch = writeBatch(firestore);
    for (const [path, data] of Object.entries(documents)) batch.set(doc(firestore, path), data);
    for (const path of closed) batch.set(doc(firestore, path), { orgId: 'org1', secret: true });
    await batch.commit();
  });
  return environment;
}

/** The database as this person's app sees it. */
export function databaseOf(environment: RulesTestEnvironment, person: Person): Firestore {
  const context =
    person === 'nobody'
      ? environment.unauthenticatedContext()
      : environment.authenticatedContext(person);
  return context.firestore() as unknown as Firestore;
}

/** Whether the rules let it through; anything but a plain yes or no is thrown. */
export async function isAllowed(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'permission-denied')
      return false;
    throw error;
  }
}
