import type { Problem } from '#kernel';
import { isPlainObject } from '../emit/stored-value.ts';

/** Deeper than any schema that somebody wrote, and no danger to a stack. */
const MAX_DEPTH = 64;

/** The first thing in a value that JSON does not have, with its path; undefined where it is all JSON. */
export function problemInJson(value: unknown, path: string, depth = 0): Problem | undefined {
  if (depth > MAX_DEPTH) return { path, message: `nested deeper than ${MAX_DEPTH} levels` };
  if (typeof value !== 'object' || value === null) return problemInLeaf(value, path);
  if (!Array.isArray(value) && !isPlainObject(value)) return { path, message: 'expected JSON' };
  for (const [name, item] of entriesOf(value)) {
    const itemPath = `${path}.${name}`;
    if (name === '__proto__') return { path: itemPath, message: 'a name that nothing may have' };
    const problem = problemInJson(item, itemPath, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The holes of a list are among them. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(Array.isArray(value) ? Array.from<unknown>(value) : value);
}

function problemInLeaf(value: unknown, path: string): Problem | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  if (typeof value === 'string' && value.isWellFormed()) return undefined;
  return { path, message: 'expected JSON' };
}

/** A payload as JSON has it, and how many values there are in it. */
export interface JsonForm {
  readonly json: unknown;
  readonly values: number;
}

/** What JSON says of a storable value: times are texts, as `format: date-time` has them. */
export function jsonFormOf(value: unknown): JsonForm {
  let values = 0;
  function convert(item: unknown): unknown {
    values += 1;
    if (item instanceof Date) return item.toISOString();
    if (Array.isArray(item)) return item.map(convert);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, part]) => [name, convert(part)]));
  }
  return { json: convert(value), values };
}
