import { type Command, InvalidArgumentError } from 'commander';
import type { Output } from './output/output.ts';

/** Of everything that comes in pages. */
export interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

export function addPage(command: Command): Command {
  return command
    .option('--limit <n>', 'rows in a page, at most 200; 50 unless said', readCount)
    .option('--cursor <cursor>', 'where the page begins, as the one before said');
}

/** Says how the next page is got; scripts have it in the document. */
export function noteMore(output: Output, nextCursor: string | undefined): void {
  if (nextCursor !== undefined && !output.isJson) output.note(`More: --cursor ${nextCursor}`);
}

/** Throws for what is no whole number of at least one. */
export function readCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no whole number of at least 1.');
}

const AGO_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time in ISO 8601, or how long ago: `90m`, `2h`, `3d`. Throws for anything else. */
export function readTime(text: string): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms =
    count === undefined ? Date.parse(text) : Date.now() - Number(count) * (AGO_MS[unit] ?? 0);
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new InvalidArgumentError(
    'Write a time such as 2030-01-31T12:00:00Z, or how long ago: 90m, 2h, 3d.',
  );
}
