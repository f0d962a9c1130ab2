import { expect, test } from '@jest/globals';
import { defaultHeadPathOf } from '#events';
import type { DomainEvent } from '#events';
import { aContent } from '../events/testing/an-event.ts';
import { headPathOf } from './head-paths.ts';

test('an event that lacks what its head’s path takes has the usual one: it is verified all the same', () => {
  const { matterId: _, ...content } = aContent({ entityType: 'comment', entityId: 'comment1' });
  const more = { eventId: 'e1', jobTypes: [], contentHash: 'h', metadata: { correlationId: 'c1' } };
  const damaged = { ...content, ...more } as unknown as DomainEvent;
  expect(headPathOf({ ...damaged, matterId: 'm1' })).toBe('matters/m1/comments/comment1');
  expect(headPathOf(damaged)).toBe(defaultHeadPathOf(damaged));
});

test.each(['constructor', '__proto__', 'toString'])('an entity may be a %s', (entityType) => {
  const event = { ...aContent(), entityType } as unknown as DomainEvent;
  expect(headPathOf(event)).toBe(defaultHeadPathOf(event));
});
