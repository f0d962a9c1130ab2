import type { CommandCase, Refusal } from '../../../composition/testing/command-case.ts';
import { headAt, TIME } from '../../../composition/testing/expected.ts';
import { malformed, refusedToStrangers } from '../../../composition/testing/refusals.ts';
import type { WorldOrders } from '../../../composition/testing/world-orders.ts';
import { SHIPPED_CORRELATION } from '../../../composition/testing/world-orders.ts';

type ShipmentName = 'draftedShipmentId' | 'readyShipmentId' | 'sentShipmentId';

/** A step that takes one of the world’s shipments further, and is refused for the others. */
function stepCase(
  of: ShipmentName,
  step: {
    readonly status: string;
    readonly version: number;
    /** What the call says, and the shipment and the event then do. */
    readonly said?: object;
    /** What the shipment has from the steps before. */
    readonly before?: object;
    readonly otherwise: Readonly<Record<string, unknown>>;
    readonly malformed: readonly Refusal[];
  },
): CommandCase {
  const { status, version, said, before } = step;
  return {
    by: 'cleo',
    input: ({ orgId, orders }) => ({ orgId, shipmentId: orders[of], ...said }),
    otherwise: step.otherwise,
    outcome: ({ orgId, matterId, orders }) => {
      const { shippedOrderId: orderId, fulfillmentId, [of]: shipmentId } = orders;
      return {
        result: { shipmentId, version },
        orgId,
        events: [
          {
            eventType: `shipment.${status}`,
            entityType: 'shipment',
            entityId: shipmentId,
            streamVersion: version,
            matterId,
            parents: [`fulfillment:${fulfillmentId}`, `order:${orderId}`],
            payload: { orderId, fulfillmentId, ...said },
            continues: SHIPPED_CORRELATION,
          },
        ],
        documents: {
          [`shipments/${shipmentId}`]: {
            orgId,
            shipmentId,
            fulfillmentId,
            orderId,
            matterId,
            ...before,
            ...said,
            lines: [{ title: 'Ink', quantity: 1 }],
            status,
            correlationId: SHIPPED_CORRELATION,
            createdAt: TIME,
            updatedAt: TIME,
            stream: headAt(version),
          },
        },
      };
    },
    refusals: [...refusals, ...ofOthers(of), ...step.malformed],
  };
}

/** Of every step. A shipment of no matter is the admins'. */
const refusals: readonly Refusal[] = [
  ...refusedToStrangers,
  { why: 'of no shipment', code: 'not-found', said: () => ({ shipmentId: 'none' }) },
  ...['ben', 'eve', 'zoe', 'joe'].map((by): Refusal => ({
    why: `of the organization, by ${by}`,
    by,
    code: 'permission-denied',
    said: ({ orders: { orgShipmentId: shipmentId } }) => ({ shipmentId }),
  })),
];

/** The steps are taken one by one: of any other shipment it is too early, or too late. */
function ofOthers(of: keyof WorldOrders): Refusal[] {
  const all: readonly ShipmentName[] = ['draftedShipmentId', 'readyShipmentId', 'sentShipmentId'];
  return all
    .filter((name) => name !== of)
    .map((name) => ({
      why: `of the ${name}`,
      code: 'failed-precondition',
      said: ({ orders }) => ({ shipmentId: orders[name] }),
    }));
}

const another = { shipmentId: 'another' };
const carrier = { carrier: 'DHL' };

export const fulfillmentCases = {
  markShipmentReady: stepCase('draftedShipmentId', {
    status: 'ready',
    version: 2,
    otherwise: another,
    malformed: [],
  }),
  markShipmentInTransit: stepCase('readyShipmentId', {
    status: 'in_transit',
    version: 3,
    said: { ...carrier, trackingNumber: '00340434292135100186' },
    otherwise: { carrier: 'UPS' },
    malformed: [
      malformed('no carrier', { carrier: ' ' }, ['carrier']),
      malformed('a carrier of 101 characters', { carrier: 'x'.repeat(101) }, ['carrier']),
      malformed('an empty tracking number', { trackingNumber: '' }, ['trackingNumber']),
    ],
  }),
  markShipmentDelivered: stepCase('sentShipmentId', {
    status: 'delivered',
    version: 4,
    before: carrier,
    otherwise: another,
    malformed: [],
  }),
};
