import { describe, expect, test } from '@jest/globals';
import type { NewFulfillment } from './fulfillment.ts';
import { fulfillmentIdOf, planFulfillment } from './fulfillment.ts';

const actor = { actorType: 'system', actorId: 'tests' } as const;

function anOrder(lines: NewFulfillment['lines'], fields: Partial<NewFulfillment> = {}) {
  const of = { orgId: 'org1', orderId: 'order1', matterId: 'matter1', clientId: 'client1' };
  return { ...of, actor, correlationId: 'c1', lines, ...fields };
}

const ink = { title: 'Ink', quantity: 2 };
const paper = { title: 'Paper', quantity: 1, sku: 'P-1' };
const pen = { title: 'Pen', quantity: 1 };

/** The titles in each shipment. */
function shipmentsOf(lines: NewFulfillment['lines']): string[][] {
  const [, ...shipments] = planFulfillment(anOrder(lines));
  return shipments.map(({ data }) =>
    (data['lines'] as { readonly title: string }[]).map(({ title }) => title),
  );
}

describe('a shipment is drafted', () => {
  const a = { shippingGroup: 'a' };
  const b = { shippingGroup: 'b' };

  test.each<[string, NewFulfillment['lines'], string[][]]>([
    ['for each line that names no group', [ink, paper], [['Ink'], ['Paper']]],
    [
      'for each group',
      [
        { ...ink, ...a },
        { ...paper, ...b },
        { ...pen, ...a },
      ],
      [['Ink', 'Pen'], ['Paper']],
    ],
    [
      'for those and for those',
      [ink, { ...paper, ...a }, { ...pen, ...a }],
      [['Ink'], ['Paper', 'Pen']],
    ],
    [
      'for a group that is called as a line might be',
      [ink, { ...pen, shippingGroup: 'line 0' }],
      [['Ink'], ['Pen']],
    ],
  ])('%s', (_, lines, expected) => {
    expect(shipmentsOf(lines)).toEqual(expected);
  });
});

test('a plan is the same however often it is made', () => {
  expect(planFulfillment(anOrder([ink, paper]))).toEqual(planFulfillment(anOrder([ink, paper])));
});

test('no two documents have one path, and no two orders one fulfilment', () => {
  const plans = ['order1', 'order2'].map((orderId) =>
    planFulfillment(anOrder([ink, paper], { orderId })),
  );
  const paths = plans.flat().map(({ path }) => path);
  expect(new Set(paths).size).toBe(6);
  expect(fulfillmentIdOf('order1')).not.toBe(fulfillmentIdOf('order2'));
});

test('what is planned belongs to its order and its matter, and says what it is', () => {
  const [fulfillment, shipment] = planFulfillment(anOrder([paper]));
  const fulfillmentId = fulfillmentIdOf('order1');
  expect(fulfillment).toMatchObject({
    path: `fulfillments/${fulfillmentId}`,
    data: { orgId: 'org1', orderId: 'order1', matterId: 'matter1', correlationId: 'c1' },
    event: { eventType: 'fulfillment.created', related: ['order:order1'], actor },
  });
  const shipmentId = shipment?.event.entityId;
  expect(fulfillment?.data['shipmentIds']).toEqual([shipmentId]);
  expect(shipment).toMatchObject({
    path: `shipments/${shipmentId}`,
    data: { matterId: 'matter1', status: 'drafted', lines: [paper] },
    event: {
      eventType: 'shipment.drafted',
      matterId: 'matter1',
      payload: { orderId: 'order1', fulfillmentId },
      related: [`fulfillment:${fulfillmentId}`, 'order:order1'],
    },
  });
});

test('what is of no matter says so in its documents, and nothing of it in its events', () => {
  for (const { data, event } of planFulfillment(anOrder([ink], { matterId: undefined }))) {
    expect(data['matterId']).toBeNull();
    expect(event).not.toHaveProperty('matterId');
  }
});
