import { describe, expect, test } from '@jest/globals';
import { aJob } from '../testing/factories.ts';
import { bulkSlotOf, shareSlots, slotOf, slotsToRead } from './slots.ts';
import { TenantShares } from './tenant-shares.ts';

const slots = { normal: 8, bulk: 4 };

function spread(count: number, slotOfNth: (n: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let n = 0; n < count; n += 1) {
    const slot = slotOfNth(n);
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return counts;
}

describe('a normal slot', () => {
  test('is always the same for a job', () => {
    expect(slotOf('notif:org1:e1', slots)).toBe(slotOf('notif:org1:e1', slots));
    expect(slotOf('notif:org1:e1', { normal: 1, bulk: 1 })).toBe(0);
  });

  test('is any of them, evenly', () => {
    const counts = spread(8_000, (n) => slotOf(`notif:org1:event${n}`, slots));
    expect(counts.size).toBe(slots.normal);
    // About 30 either way is one standard deviation; 150 is a broken hash.
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe('a bulk slot', () => {
  test('is one of two of its tenant’s, so that no tenant fills them all', () => {
    const counts = spread(1_000, (n) => bulkSlotOf('org1', `mail:org1:event${n}`, slots));
    expect([...counts.keys()].every((slot) => slot >= 1_000 && slot < 1_004)).toBe(true);
    expect(counts.size).toBe(2);
  });

  test('is another for another tenant', () => {
    const counts = spread(1_000, (n) => bulkSlotOf(`org${n}`, `mail:org${n}:e`, slots));
    expect(counts.size).toBe(slots.bulk);
  });
});

describe('the slots to read', () => {
  test('are the normal ones from 0 and the bulk ones from 1000', () => {
    expect(slotsToRead('normal', slots)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(slotsToRead('bulk', slots)).toEqual([1_000, 1_001, 1_002, 1_003]);
  });

  test('are those in force, those an emitter may still write, and those that drain', () => {
    const inForce = { normal: 2, bulk: 1, draining: [9, 1_007] };
    expect(slotsToRead('normal', inForce, { normal: 4, bulk: 2 })).toEqual([0, 1, 2, 3, 9]);
    expect(slotsToRead('bulk', inForce, { normal: 4, bulk: 2 })).toEqual([1_000, 1_001, 1_007]);
  });
});

describe('the surplus of a page', () => {
  const rowsOf = (orgId: string, count: number, said = {}) =>
    Array.from({ length: count }, () => ({ job: aJob({ orgId, ...said }) }));

  test('is what a tenant has beyond a tenth of a page, its oldest rows staying', () => {
    const noisy = rowsOf('noisy', 95);
    const rows = [...noisy, ...rowsOf('quiet', 5)];
    expect(new TenantShares(100).surplusOf(rows)).toEqual(noisy.slice(10));
  });

  test('is all of what further pages bring of a tenant that had its share', () => {
    const shares = new TenantShares(100);
    shares.surplusOf(rowsOf('noisy', 100));
    const rows = [...rowsOf('noisy', 50), ...rowsOf('quiet', 10)];
    expect(shares.surplusOf(rows)).toHaveLength(50);
  });

  test('is never a row that was leased', () => {
    expect(new TenantShares(100).surplusOf(rowsOf('noisy', 100, { status: 'processing' }))).toEqual(
      [],
    );
  });
});

describe('slots dealt out', () => {
  test('go each to one worker, as evenly as can be', () => {
    expect(shareSlots([0, 1, 2, 3, 4, 1000, 1001], 3)).toEqual([
      [0, 3, 1001],
      [1, 4],
      [2, 1000],
    ]);
  });

  test('to more workers than there are slots leave some without work', () => {
    expect(shareSlots([0, 1], 5)).toEqual([[0], [1]]);
  });
});
