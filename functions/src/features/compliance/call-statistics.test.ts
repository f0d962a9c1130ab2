import { expect, test } from '@jest/globals';
import type { DomainEvent } from '#events';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import type { CallStatistics } from './call-statistics.ts';
import { callStatistics, keysOfDay, sumOf } from './call-statistics.ts';
import { PHONE } from './testing/phone-events.ts';

const LAST_MOMENT = new Date('2030-01-31T23:59:59.999Z');

function happened(eventType: string, said: Partial<DomainEvent> = {}): DomainEvent {
  const entity = { entityType: 'phone', entityId: PHONE };
  return { ...anInvoiceEvent({ eventType, ...entity }), occurredAt: LAST_MOMENT, ...said };
}

function keyOf(event: DomainEvent): string | undefined {
  if (!('keyOf' in callStatistics)) throw new Error('It has keys.');
  return callStatistics.keyOf(event);
}

test('a call counts for the UTC day of its step, in one of the day’s 16 documents', () => {
  expect(keyOf(happened('call.created'))).toBe('2030-01-31-5');
  expect(keysOfDay('2030-01-31')).toContain('2030-01-31-5');
  expect(new Set(keysOfDay('2030-01-31')).size).toBe(16);
});

test.each([
  ['without a time', { occurredAt: undefined }],
  ['of something else', { entityType: 'call' }],
])('an event %s counts for no day', (_, said) => {
  expect(keyOf(happened('call.created', said))).toBeUndefined();
});

test('each step is counted under its name, and the documents of a day are added up', () => {
  const types = ['call.created', 'call.attempted', 'call.attempted', 'call.started'];
  const [first, second] = [types, ['compliance.violation_detected', 'call.created']].map((some) =>
    some.reduce<unknown>((state, type) => callStatistics.apply(state, happened(type)), undefined),
  ) as [CallStatistics, CallStatistics];
  expect(first).toEqual({ created: 1, attempted: 2, started: 1, violations: 0 });
  expect(sumOf([first, undefined, second])).toEqual({
    created: 2,
    attempted: 2,
    started: 1,
    violations: 1,
  });
});
