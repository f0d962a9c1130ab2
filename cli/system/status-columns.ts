import type { Output } from '../output/output.ts';
import { type Column, countColumn } from '../output/table.ts';

interface StatusCounts {
  readonly pending: number;
  readonly processing: number;
  readonly failed: number;
}

/** How many jobs wait, are being run, and failed for good. */
export function statusColumns<Row extends StatusCounts>(output: Output): readonly Column<Row>[] {
  return [
    countColumn<Row>('pending', ({ pending }) => pending),
    countColumn<Row>('processing', ({ processing }) => processing),
    {
      ...countColumn<Row>('failed', ({ failed }) => failed),
      paint: (cell, { failed }) => (failed > 0 ? output.paint('red', cell) : cell),
    },
  ];
}
