import { describe, expect, test } from '@jest/globals';
import { aJob } from '../../outbox/testing/factories.ts';
import { aNote } from '../testing/an-event.ts';
import { withCause } from './caused-by.ts';
import type { EventInput } from './event-input.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const event = { eventId: 'e1', metadata: { correlationId: 'c1', sourceService: 's', traceparent } };
const job = () =>
  aJob({ id: 'mail:org1:e1', eventId: 'e1', metadata: { correlationId: 'c1', traceparent } });

function keyOf(said: Partial<EventInput>, cause = job()): string | undefined {
  return withCause(aNote(said), cause).idempotencyKey;
}

describe('an event with a cause', () => {
  test.each([
    ['an event', event],
    ['a job', job()],
  ])('names it: %s', (_, cause) => {
    const { metadata } = withCause(aNote(), cause);
    expect(metadata).toEqual({ correlationId: 'c1', causationId: 'e1', traceparent });
  });

  test('takes what was said to be undefined for not said', () => {
    const said = { metadata: { correlationId: undefined } } as unknown as Partial<EventInput>;
    expect(withCause(aNote(said), event).metadata?.correlationId).toBe('c1');
  });

  test('keeps what it says itself', () => {
    const said = { metadata: { correlationId: 'own', ipAddress: '::1' }, idempotencyKey: 'k' };
    const input = withCause(aNote(said), job());
    expect(input.metadata).toMatchObject({ ...said.metadata, causationId: 'e1' });
    expect(input.idempotencyKey).toBe('k');
  });

  test('has no trace and no event for a cause where its cause has none', () => {
    const digest = aJob({ eventId: undefined, metadata: { correlationId: 'c1' } });
    expect(withCause(aNote(), digest).metadata).toEqual({ correlationId: 'c1' });
  });

  test('that is an event gets no key, and neither does an event in a stream', () => {
    expect(withCause(aNote(), event).idempotencyKey).toBeUndefined();
    expect(keyOf({ stream: { expectedVersion: 0 } })).toBeUndefined();
  });
});

describe('an event of a job', () => {
  test('has the same key in every run', () => {
    expect(keyOf({})).toBe(keyOf({}));
    expect(keyOf({ payload: { text: 'other' } })).toBe(keyOf({}));
  });

  test('has another key than those of other jobs, types, entities and organizations', () => {
    const others = [
      { eventType: 'invoice.paid' },
      { entityType: 'memo' },
      { entityId: 'n' },
      { orgId: 'org2' },
    ];
    const keys = [{}, ...others].map((said) => keyOf(said));
    expect(new Set([...keys, keyOf({}, aJob({ id: 'other' }))]).size).toBe(6);
  });
});
