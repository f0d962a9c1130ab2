import { describe, expect, test } from '@jest/globals';
import type { EventContent } from '../event.ts';
import { aContent } from '../testing/an-event.ts';
import { StoredTime } from '../testing/stored-time.ts';
import { chainHash, contentHash, sameness } from './content-hash.ts';

const full = aContent({
  matterId: 'm1',
  related: ['note:note1', 'matter:m1'],
  streamVersion: 3,
  occurredAt: new Date('2030-01-01T00:00:00.000Z'),
  payload: { text: 'Grüße', at: new Date(1), list: [1, -0, null, { deep: true }] },
});

const changes: Partial<EventContent>[] = [
  { orgId: 'org2' },
  { eventType: 'note.changed' },
  { entityType: 'memo' },
  { entityId: 'note2' },
  { actor: { actorType: 'user', actorId: 'uid2' } },
  { actor: { actorType: 'system', actorId: 'uid1' } },
  { payload: { text: 'other' } },
  { matterId: 'm2' },
  { matterId: undefined },
];
const furtherChanges: Partial<EventContent>[] = [
  { schemaVersion: 2 },
  { streamVersion: 4 },
  { streamVersion: undefined },
  { related: ['matter:m1', 'note:note1'] },
  { related: ['note:note1'] },
  { occurredAt: new Date('2030-01-01T00:00:00.001Z') },
  { occurredAt: undefined },
];

describe('the content hash', () => {
  // Stored in every event: were one of these to change, no stored event would verify any more.
  test('is this one, for ever', () => {
    expect(contentHash(aContent())).toBe(
      '0a91fe5f5f41083b2c8a1c030c683aafb0ab5954bd15c9067e935ecfdc602668',
    );
    expect(contentHash(full)).toBe(
      '2cd05aaf725f304ddfcdd58c549f8a7b42457244d441322bfc49b82f5d708f26',
    );
  });

  test.each([...changes, ...furtherChanges])('changes with %p', (change) => {
    expect(contentHash({ ...full, ...change })).not.toBe(contentHash(full));
  });

  test('does not change with what the payload’s dates come back as, or with the order of keys', () => {
    const list = [1, -0, null, { deep: true }];
    const payload = { list, at: StoredTime.of(new Date(1)), text: 'Grüße' };
    expect(contentHash({ ...full, payload })).toBe(contentHash(full));
  });

  test('does not change with fields it is not made of', () => {
    const stored = { ...full, eventId: 'e1', jobTypes: ['notif'], metadata: {}, contentHash: 'x' };
    expect(contentHash(stored)).toBe(contentHash(full));
  });
});

describe('two emits are the same event', () => {
  test.each(changes)('not with %p', (change) => {
    expect(sameness({ ...full, ...change })).not.toBe(sameness(full));
  });

  test.each(furtherChanges)('also with %p', (change) => {
    expect(sameness({ ...full, ...change })).toBe(sameness(full));
  });
});

describe('the chain of a stream', () => {
  test('is this one, for ever', () => {
    const first = chainHash('', 1, 'content1');
    expect(first).toBe('028751d32924d94081d2c0cc0ddbf864ff66cb16b17febce8617b75d54bd1e32');
    expect(chainHash(first, 2, 'content2')).toBe(
      '423933fe9b18b018ba840eed07d5cf4c460c770fc94aa6d193eee0aac0985020',
    );
  });

  test.each([
    ['x', 1, 'content1'],
    ['', 2, 'content1'],
    ['', 1, 'content2'],
    ['1', 1, 'content1'],
  ] as const)(
    'changes with the hash before, the version and the content: %p, %p, %p',
    (before, version, content) => {
      expect(chainHash(before, version, content)).not.toBe(chainHash('', 1, 'content1'));
    },
  );
});
