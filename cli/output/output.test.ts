import { describe, expect, test } from '@jest/globals';
import { formatFields, formatTable, type Column } from './table.ts';
import { clean, formatDuration, formatTime, shorten } from './text.ts';
import { formatTree, type Branch } from './tree.ts';

interface Row {
  readonly id: string;
  readonly note: string;
  readonly count: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'id', read: ({ id }) => id },
  { title: 'note', read: ({ note }) => note, least: 6 },
  { title: 'n', read: ({ count }) => count, align: 'right' },
  { title: 'nothing', read: () => undefined },
];
const rows: readonly Row[] = [
  { id: 'email:org1:evt1:ben', note: 'The provider is down.', count: 12 },
  { id: 'notif:org1', note: 'ok', count: 3 },
];

describe('a table', () => {
  test('is as wide as its cells where nobody looks, without its empty columns', () => {
    expect(formatTable(columns, rows, undefined).split('\n')).toEqual([
      'id                   note                    n',
      '───────────────────  ─────────────────────  ──',
      'email:org1:evt1:ben  The provider is down.  12',
      'notif:org1           ok                      3',
    ]);
  });

  test('cuts what may be cut to fit a terminal, and no id', () => {
    const lines = formatTable(columns, rows, 35).split('\n');
    expect(lines.map((line) => line.length <= 35)).not.toContain(false);
    expect(lines[2]).toBe('email:org1:evt1:ben  The provi…  12');
  });

  test('is blocks of lines where even that does not fit', () => {
    expect(formatTable(columns, rows, 25)).toBe(
      [
        'id    email:org1:evt1:ben',
        'note  The provider is down.',
        'n     12',
        '',
        'id    notif:org1',
        'note  ok',
        'n     3',
      ].join('\n'),
    );
  });
});

test('what a terminal would obey is shown, not obeyed', () => {
  const nasty = '\u001B[2Jgone\u202Etxt\r\n';
  expect(clean(nasty)).toBe('�[2Jgone�txt��');
  expect(formatFields([['a', nasty]])).not.toContain('\u001B');
  expect(formatTable([{ title: 'a', read: () => nasty }], [1], undefined)).not.toContain('\u001B');
});

test('texts are cut by what is seen, and never within it', () => {
  expect(shorten('👩‍👩‍👧 and so on', 3)).toBe('👩‍👩‍👧 …');
  expect(shorten('abc', 3)).toBe('abc');
});

test.each([
  [0, '0 s'],
  [999, '1 s'],
  [65_000, '1 min 5 s'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
  [-5, '0 s'],
])('%p ms are %p', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('a time is told to the second', () => {
  expect(formatTime('2030-01-01T00:00:00.123456Z')).toBe('2030-01-01T00:00:00Z');
});

describe('a tree', () => {
  const leaf = (text: string): Branch => ({ text, below: [] });

  test('is drawn with what belongs together on one line', () => {
    const tree = [{ text: 'a', below: [{ text: 'b', below: [leaf('c')] }, leaf('d')] }, leaf('e')];
    expect(formatTree(tree).split('\n')).toEqual(['a', '├─ b', '│  └─ c', '└─ d', 'e']);
  });

  test('may be as deep as a chain of causes', () => {
    let branch = leaf('last');
    for (let depth = 0; depth < 5000; depth += 1) branch = { text: 'x', below: [branch] };
    expect(formatTree([branch]).split('\n')).toHaveLength(5001);
  });
});
