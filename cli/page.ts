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

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK_AND_ZONE = /^\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A day (it begins in UTC), a time with its zone, both in ISO 8601, or how long ago: `90m`, `2h`, `3d`. Throws for
 * anything else: without a zone it would be this machine's, and what is shown is in UTC.
 */
export function readTime(text: string): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms =
    count === undefined ? parseIso(text) : Date.now() - Number(count) * (AGO_MS[unit] ?? 0);
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new InvalidArgumentError(
    'Write a day such as 2030-01-31, a time with its zone such as 2030-01-31T12:00:00Z, or how long ago: 90m, 2h, 3d.',
  );
}

/** NaN for what is none. `Date.parse` alone takes `5`, and makes the 31st of February a day in March. */
function parseIso(text: string): number {
  const [day = '', clock] = text.split('T', 2);
  const dayMs = DAY.test(day) ? Date.parse(day) : Number.NaN;
  const isDay = Number.isFinite(dayMs) && new Date(dayMs).toISOString().startsWith(day);
  if (!isDay || (clock !== undefined && !CLOCK_AND_ZONE.test(clock))) return Number.NaN;
  return Date.parse(text);
}
