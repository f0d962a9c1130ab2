import { clean, formatCount, lengthOf, shorten } from './text.ts';

export interface Column<Row> {
  readonly title: string;
  readonly read: (row: Row) => string | number | undefined;
  readonly align?: 'left' | 'right';
  /** May be cut to this many characters where the line is too short. Others, such as ids, never are. */
  readonly least?: number;
  /** Given to the cell when it is in its place. */
  readonly paint?: (cell: string, row: Row) => string;
}

/** Whole numbers; empty where there is none. */
export function countColumn<Row>(
  title: string,
  readNumber: (row: Row) => number | undefined,
): Column<Row> {
  const read = (row: Row): string | undefined => {
    const count = readNumber(row);
    return count === undefined ? undefined : formatCount(Math.round(count));
  };
  return { title, align: 'right', read };
}

const GAP = '  ';

/**
 * Columns as wide as their widest cell. Where `width` is less, those that may be are cut; where that does not
 * do, each row is a block of lines. Empty columns are left out. Without a width nothing is cut.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
): string {
  const all = columns.map((column) => ({
    column,
    cells: rows.map((row) => clean(String(column.read(row) ?? ''))),
  }));
  const filled = all.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const wanted = filled.map(({ column, cells }) =>
    Math.max(lengthOf(column.title), ...cells.map(lengthOf)),
  );
  const widths = fit(
    filled.map(({ column }) => column.least),
    wanted,
    width,
  );
  if (widths === undefined) return formatBlocks(filled, rows);
  const lines = rows.map((row, index) =>
    joinCells(
      filled.map(({ column, cells }, at) => {
        const cell = place(cells[index] ?? '', widths[at] ?? 0, column.align);
        return column.paint?.(cell, row) ?? cell;
      }),
    ),
  );
  const titles = filled.map(({ column }, at) => place(column.title, widths[at] ?? 0, column.align));
  return [joinCells(titles), joinCells(widths.map((size) => '─'.repeat(size))), ...lines].join(
    '\n',
  );
}

/** The widths to be used; undefined where it does not fit. */
function fit(
  least: readonly (number | undefined)[],
  wanted: readonly number[],
  width: number | undefined,
): readonly number[] | undefined {
  const widths = [...wanted];
  let over = sum(widths) + GAP.length * (widths.length - 1) - (width ?? Infinity);
  while (over > 0) {
    const spare = widths.map((size, at) => size - Math.min(size, least[at] ?? size));
    const most = Math.max(0, ...spare);
    if (most === 0) return undefined;
    const at = spare.indexOf(most);
    widths[at] = (widths[at] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

function formatBlocks<Row>(
  filled: readonly { readonly column: Column<Row>; readonly cells: readonly string[] }[],
  rows: readonly Row[],
): string {
  return rows
    .map((_, index) =>
      formatFields(filled.map(({ column, cells }) => [column.title, cells[index]])),
    )
    .join('\n\n');
}

/** A name and its value in each line; those without a value are left out. */
export function formatFields(
  fields: readonly (readonly [name: string, value: string | number | undefined])[],
): string {
  const said = fields.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...said.map(([name]) => lengthOf(name)));
  return said
    .map(([name, value]) => `${place(name, width)}${GAP}${clean(String(value))}`)
    .join('\n');
}

function place(cell: string, width: number, align: 'left' | 'right' = 'left'): string {
  const text = shorten(cell, width);
  const rest = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return align === 'right' ? rest + text : text + rest;
}

function joinCells(cells: readonly string[]): string {
  return cells.join(GAP).trimEnd();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
