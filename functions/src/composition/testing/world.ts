import * as commands from '../commands.ts';
import { call } from './backend.ts';
import type { WorldCalls } from './world-calls.ts';
import { addCalls } from './world-calls.ts';
import type { WorldOrders } from './world-orders.ts';
import { addOrders } from './world-orders.ts';

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
  /** Open, and nobody's. */
  readonly taskId: string;
  /** Of the first organization. */
  readonly clientId: string;
  readonly orders: WorldOrders;
  readonly calls: WorldCalls;
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
  const client = { orgId, name: 'Roe', email: 'roe@example.test' };
  const [taskId, clientId] = await Promise.all([
    idOf('taskId', commands.createTask, 'cleo', { orgId, matterId, title: 'Call Roe' }),
    idOf('clientId', commands.createClient, 'eve', client),
  ]);
  const [orders, calls, commentId, draftInvoiceId, sentInvoiceId, orgInvoiceId] = await Promise.all(
    [
      addOrders({ orgId, matterId, clientId }),
      addCalls(orgId),
      idOf('commentId', commands.addComment, 'cleo', comment),
      invoice('ben', draft),
      invoice('ben', draft),
      invoice('ada', { orgId, ...DOLLARS }),
    ],
  );
  await call(commands.sendInvoice, 'ben', { orgId, invoiceId: sentInvoiceId });
  await call(commands.sendInvoice, 'ada', { orgId, invoiceId: orgInvoiceId });
  await call(commands.removeMember, 'ada', { orgId, uid: 'finn' });
  return {
    orgId,
    otherOrgId,
    matterId,
    commentId,
    taskId,
    clientId,
    orders,
    calls,
    draftInvoiceId,
    sentInvoiceId,
    orgInvoiceId,
  };
}
