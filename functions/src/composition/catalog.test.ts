import { describe, expect, test } from '@jest/globals';
import { isTypeName } from '#kernel';
import { catalog } from './catalog.ts';
import { allEvents } from './testing/all-events.ts';

/** The tables of the requirements, `entity: what happened`; their own spellings are below. */
const ASKED_FOR: Readonly<Record<string, string>> = {
  invoice: 'created sent issued partially_paid paid overdue voided',
  payment: 'received paid',
  comment: 'added updated deleted',
  matter: 'created updated',
  task: 'created updated assigned completed',
  document: 'uploaded',
  user: 'joined',
  client: 'created',
  case: 'opened',
  order: 'created checkout_sent payment_processing paid payment_failed checkout_expired',
  fulfillment: 'created',
  shipment: 'drafted ready in_transit delivered',
  automation: 'step_queued step_succeeded step_failed',
  price_agreement: 'created updated synced sync_failed',
  legacy_sync: 'requested completed',
  consent: 'granted revoked',
  dnc: 'check_performed',
  compliance: 'violation_detected',
  call: 'created started attempted',
  pricechange: 'applied',
};
/** Nobody asked for these in a table, but members leave and change their roles, and the platform has alerts. */
const OURS = ['user.left', 'user.role_changed', 'platform.alert_raised', 'platform.alert_resolved'];
/** Of these there is a family: what is in it, connectors decide. */
const FAMILIES = ['shopify.sync.', 'product.', 'account.'];

/** Of other systems: connectors, the automation's worker, the owners of prices and accounts. */
const OTHERS_FAMILIES = /^(shopify\.sync|product|automation|price_agreement|legacy_sync|account)\./;

const types = allEvents.map(({ type }) => type);

describe('the catalog', () => {
  test('has every event of the requirements, and of families one at least, and no other', () => {
    const asked = Object.entries(ASKED_FOR).flatMap(([entity, all]) =>
      all.split(' ').map((what) => `${entity}.${what}`),
    );
    const inFamilies = FAMILIES.map((family) => types.filter((type) => type.startsWith(family)));
    for (const family of inFamilies) expect(family).not.toEqual([]);
    expect(types.toSorted()).toEqual([...asked, ...OURS, ...inFamilies.flat()].toSorted());
  });

  test.each([
    ['FulfillmentCreated', 'fulfillment.created'],
    ['ShipmentInTransit', 'shipment.in_transit'],
    ['AutomationStepSucceeded', 'automation.step_succeeded'],
    ['InvoicePartiallyPaid', 'invoice.partially_paid'],
    ['PriceAgreementSyncFailed', 'price_agreement.sync_failed'],
    ['LegacySyncRequested', 'legacy_sync.requested'],
    ['DNCCheckPerformedEvent', 'dnc.check_performed'],
  ])('finds %s under its alias', (alias, type) => {
    expect(catalog.get(alias)?.type).toBe(type);
    expect(isTypeName(alias)).toBe(false);
  });

  test('lets nobody else send what is ours alone: external is what this backend never emits', () => {
    const external = allEvents.filter((event) => event.external === true).map(({ type }) => type);
    expect(external.filter((type) => !OTHERS_FAMILIES.test(type))).toEqual([
      'payment.paid',
      'pricechange.applied',
    ]);
    expect(external).not.toContain('payment.received');
    expect(external).toHaveLength(19);
  });
});
