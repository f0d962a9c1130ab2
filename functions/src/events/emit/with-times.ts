import { z } from 'zod';

const timeText = z.iso.datetime({ offset: true });

/** A payload from JSON, with a `Date` wherever its schema asks for one and there is a time in a text. */
export function withTimes(schema: z.ZodType | undefined, payload: unknown): unknown {
  return issuesIn(schema, payload)
    .filter((issue) => issue.code === 'invalid_type' && issue.expected === 'date')
    .reduce((read, { path }) => withTimeAt(read, path), payload);
}

/** A check of a schema that throws is a problem to be found by whoever plans the event. */
function issuesIn(schema: z.ZodType | undefined, payload: unknown): readonly z.core.$ZodIssue[] {
  try {
    return schema?.safeParse(payload).error?.issues ?? [];
  } catch {
    return [];
  }
}

function withTimeAt(value: unknown, [name, ...rest]: readonly PropertyKey[]): unknown {
  if (name === undefined)
    return timeText.safeParse(value).success ? new Date(String(value)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const inside = withTimeAt((value as Record<PropertyKey, unknown>)[name], rest);
  if (Array.isArray(value)) return value.with(Number(name), inside);
  return { ...value, [name]: inside };
}
