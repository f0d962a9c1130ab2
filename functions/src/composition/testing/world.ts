import * as commands from '../commands.ts';
import { call, firestore } from './backend.ts';

/**
 * Two organizations. In the first: ada, its founder and admin; ben and cleo, members who share a
 * matter; eve, a member outside it; finn, who is in the matter but left the organization. Zoe founded
 * the second one, and joe belongs to none.
 */
export interface World {
  readonly orgId: string;
  readonly otherOrgId: string;
  readonly matterId: string;
  /** By cleo. */
  readonly commentId: string;
  /** Invoices of the matter over 125.00 EUR. */
  readonly draftInvoiceId: string;
  readonly sentInvoiceId: string;
  /** Of no matter, sent, over 9.00 USD. */
  readonly orgInvoiceId: string;
}

export const EUROS = { amountMinor: 12_500, currency: 'EUR' };
export const DOLLARS = { amountMinor: 900, currency: 'USD' };

/** Calls a command and answers the one id that is asked for. */
async function idOf(field: string, ...parameters: Parameters<typeof call>): Promise<string> {
  return String((await call(...parameters))[field]);
}

function found(name: string, uid: string): Promise<string> {
  const input = { name, email: `${uid}@example.test`, displayName: uid };
  return idOf('orgId', commands.createOrganization, uid, input);
}

/** Builds a world through the commands themselves. */
export async function aWorld(): Promise<World> {
  const [orgId, otherOrgId] = await Promise.all([found('Smith', 'ada'), found('Other', 'zoe')]);
  for (const uid of ['ben', 'cleo', 'eve', 'finn']) {
    const person = { uid, email: `${uid}@example.test`, displayName: uid, role: 'member' };
    await call(commands.addMember, 'ada', { orgId, ...person });
  }
  const matter = { orgId, title: 'Smith v. Jones', memberUids: ['cleo', 'finn'] };
  const matterId = await idOf('matterId', commands.createMatter, 'ben', matter);
  const comment = { orgId, matterId, body: 'Hello' };
  const draft = { orgId, matterId, ...EUROS };
  const invoice = (by: string, input: object): Promise<string> =>
    idOf('invoiceId', commands.createInvoice, by, input);
  const [commentId, draftInvoiceId, sentInvoiceId, orgInvoiceId] = await Promise.all([
    idOf('commentId', commands.addComment, 'cleo', comment),
    invoice('ben', draft),
    invoice('ben', draft),
    invoice('ada', { orgId, ...DOLLARS }),
  ]);
  await call(commands.sendInvoice, 'ben', { orgId, invoiceId: sentInvoiceId });
  await call(commands.sendInvoice, 'ada', { orgId, invoiceId: orgInvoiceId });
  await leave(orgId, 'finn');
  return {
    orgId,
    otherOrgId,
    matterId,
    commentId,
    draftInvoiceId,
    sentInvoiceId,
    orgInvoiceId,
  };
}

/** There is no command for it yet: an operator takes the member's document away. */
async function leave(orgId: string, uid: string): Promise<void> {
  await firestore.doc(`orgs/${orgId}/members/${uid}`).delete();
}
