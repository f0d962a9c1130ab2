import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aContent } from '../testing/an-event.ts';
import type { CausationNode } from './causation-tree.ts';
import { causationTree } from './causation-tree.ts';
import type { RecordedEvent } from './event-page.ts';

function caused(eventId: string, causationId?: string): RecordedEvent {
  return {
    ...aContent(),
    eventId,
    jobTypes: [],
    metadata: { correlationId: 'c1', sourceService: 'tests', causationId },
    contentHash: 'h',
    recordedAt: new Date(0),
  };
}

/** `a(b(c) d)`; a mark for what is said of an event: `?` its cause is missing, `!` it causes itself. */
function drawn(nodes: readonly CausationNode[]): string {
  return nodes
    .map(({ event, causeMissing, causesItself, effects }) => {
      const marks = `${causeMissing ? '?' : ''}${causesItself ? '!' : ''}`;
      return `${event.eventId}${marks}${effects.length === 0 ? '' : `(${drawn(effects)})`}`;
    })
    .join(' ');
}

function treeOf(events: readonly RecordedEvent[], asked = 'a') {
  const { roots, path } = causationTree(events, asked, false);
  return [drawn(roots), path.join(' > ')];
}

describe('the causation tree', () => {
  test('has each event under its cause, and the way to the one that was asked for', () => {
    const events = [caused('a'), caused('b', 'a'), caused('d', 'a'), caused('c', 'b'), caused('e')];
    expect(treeOf(events, 'c')).toEqual(['a(b(c) d) e', 'a > b > c']);
    expect(treeOf(events, 'e')).toEqual(['a(b(c) d) e', 'e']);
  });

  test('has an event as a root whose cause is not there, and says so', () => {
    expect(treeOf([caused('a', 'elsewhere'), caused('b', 'a')], 'b')).toEqual(['a?(b)', 'a > b']);
  });

  test('finds a cause that was recorded later than its effect', () => {
    expect(treeOf([caused('a', 'b'), caused('b')])).toEqual(['b(a)', 'b > a']);
  });

  test.each<[string, readonly RecordedEvent[], string, string]>([
    ['of one', [caused('a', 'a')], 'a!', 'a'],
    ['of two', [caused('a', 'b'), caused('b', 'a')], 'a!(b)', 'a'],
    [
      'with effects',
      [caused('b', 'c'), caused('c', 'b'), caused('a', 'c')],
      'b!(c(a))',
      'b > c > a',
    ],
  ])('is cut at the oldest event of a circle %s', (_, events, tree, path) => {
    expect(treeOf(events)).toEqual([tree, path]);
  });

  test('has every event once, whatever they name as their causes', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const links = fc.uniqueArray(fc.tuple(ids, fc.option(ids, { nil: undefined })), {
      minLength: 1,
      selector: ([id]) => id,
    });
    fc.assert(
      fc.property(links, (all) => {
        const asked = all[0]?.[0] ?? '';
        const events = all.map(([id, cause]) => caused(id, cause));
        const [tree = '', path = ''] = treeOf(events, asked);
        expect(tree.match(/[a-f]/g)?.toSorted()).toEqual(all.map(([id]) => id).toSorted());
        expect(path.endsWith(asked)).toBe(true);
      }),
    );
  });

  test('of a chain of 1,000 is made without a deep call', () => {
    const chain = Array.from({ length: 1_000 }, (_, n) =>
      caused(`e${n}`, n === 0 ? undefined : `e${n - 1}`),
    );
    const { roots, path } = causationTree(chain, 'e999', true);
    expect([roots.length, path.length]).toEqual([1, 1_000]);
  });
});
