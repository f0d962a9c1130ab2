import type { z } from 'zod';
import { CodedError } from '#kernel';

/** A place that a step before left as JSON. Throws `bad-cursor` for what none of this kind left. */
export function readCursor<Place>(schema: z.ZodType<Place>, cursor: string): Place {
  const parsed = schema.safeParse(fromJson(cursor));
  if (parsed.success) return parsed.data;
  throw new CodedError('bad-cursor', 'The cursor is none of this kind of operation.');
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
