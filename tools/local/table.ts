export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly read: (row: Row) => string;
}

/** Plain text in columns as wide as their widest cell. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => column.read(row)));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => (line[index] ?? '').length)),
  );
  const format = (line: readonly string[]): string =>
    line
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width));
  return [format(columns.map((column) => column.title)), format(rule), ...cells.map(format)].join(
    '\n',
  );
}

function pad(cell: string, width: number, align: 'left' | 'right' = 'left'): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
}
