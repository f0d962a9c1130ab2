import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { hashParts, isEntityId, isTypeName } from './ids.ts';
import { systemIds } from './system.ts';

describe('isEntityId', () => {
  test.each(['a', 'A-Z_09', '__', '___', '__open', 'x'.repeat(128)])('takes %j', (id) => {
    expect(isEntityId(id)).toBe(true);
  });

  test.each(['', 'x'.repeat(129), 'a b', 'a/b', 'a.b', 'ä', 'a\n', '____', '__id__'])(
    'refuses %j',
    (id) => {
      expect(isEntityId(id)).toBe(false);
    },
  );
});

describe('isTypeName', () => {
  test.each(['a', 'invoice.sent', 'legacy_sync.order_2', 'x'.repeat(100)])('takes %j', (name) => {
    expect(isTypeName(name)).toBe(true);
  });

  test.each(['', 'Invoice.sent', '1a', '_a', 'a.', '.a', 'a..b', 'a-b', 'a:b', 'x'.repeat(101)])(
    'refuses %j',
    (name) => {
      expect(isTypeName(name)).toBe(false);
    },
  );
});

describe('hashParts', () => {
  test('is a lower-case SHA-256 and always the same', () => {
    expect(hashParts('org1', 'invoice', 'i1')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashParts('org1', 'invoice', 'i1')).toBe(hashParts('org1', 'invoice', 'i1'));
  });

  test('never lets parts run into each other', () => {
    const parts = fc.array(fc.string(), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(hashParts(...one)).not.toBe(hashParts(...other));
      }),
    );
    expect(hashParts('1:a')).not.toBe(hashParts('1', 'a'));
  });
});

describe('systemIds', () => {
  test('makes document ids of 20 letters and digits, all different', () => {
    const ids = Array.from({ length: 1_000 }, () => systemIds.documentId());
    expect(ids.every((id) => /^[A-Za-z0-9]{20}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
