import type { CustomEvent, EventDefinition } from '#events';
import { Catalog } from '#events';
import { accountEvents } from '../features/accounts/index.ts';
import { automationEvents } from '../features/automation/index.ts';
import { billingEvents } from '../features/billing/index.ts';
import { caseEvents } from '../features/cases/index.ts';
import { clientEvents } from '../features/clients/index.ts';
import { commentEvents } from '../features/comments/index.ts';
import { commerceEvents } from '../features/commerce/index.ts';
import { complianceEvents } from '../features/compliance/index.ts';
import { documentEvents } from '../features/documents/index.ts';
import { fulfillmentEvents } from '../features/fulfillment/index.ts';
import { platformEvents } from '../metrics/index.ts';
import { legacySyncEvents } from '../features/legacy-sync/index.ts';
import { matterEvents } from '../features/matters/index.ts';
import { orderEvents } from '../features/orders/index.ts';
import { organizationEvents } from '../features/organizations/index.ts';
import { pricingEvents } from '../features/pricing/index.ts';
import { taskEvents } from '../features/tasks/index.ts';

/** Every event definition, by the slice that owns it; the reference is in this order. */
export const eventsBySlice = {
  organizations: organizationEvents,
  clients: clientEvents,
  accounts: accountEvents,
  matters: matterEvents,
  comments: commentEvents,
  tasks: taskEvents,
  documents: documentEvents,
  billing: billingEvents,
  cases: caseEvents,
  orders: orderEvents,
  fulfillment: fulfillmentEvents,
  automation: automationEvents,
  pricing: pricingEvents,
  commerce: commerceEvents,
  'legacy-sync': legacySyncEvents,
  compliance: complianceEvents,
  platform: platformEvents,
} as const satisfies Readonly<Record<string, readonly EventDefinition[]>>;

/** Any event this deployment emits, organizations' own types among them. */
export type AnyEvent = (typeof eventsBySlice)[keyof typeof eventsBySlice][number] | CustomEvent;

/** Every type of event, of all features. */
export const catalog = new Catalog(Object.values(eventsBySlice).flat());
