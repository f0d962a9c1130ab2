import { z } from 'zod';

/** The fields of a payload whose schema makes something else of what it reads, by their paths. */
export function transformsIn(schema: z.ZodType, path: string, seen = new Set<unknown>()): string[] {
  // Schemas may be of themselves.
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema;
  // A codec is a pipe with functions of its own.
  if (def.type === 'transform' || 'reverseTransform' in def) return [path];
  return partsOf(def, path).flatMap(([place, part]) =>
    part instanceof z.ZodType ? transformsIn(part, place, seen) : [],
  );
}

type Part = readonly [path: string, part: unknown];

/** What a schema is made of, whatever it calls it; only an object's fields have names of their own. */
function partsOf(def: object, path: string): Part[] {
  if ('getter' in def) return [[path, (def as z.core.$ZodLazyDef).getter()]];
  return Object.entries(def).flatMap(([name, part]: Part) => {
    if (part instanceof z.ZodType || typeof part !== 'object' || part === null) {
      return [[path, part] as const];
    }
    return Object.entries(part).map(([key, item]: Part): Part => {
      return [name === 'shape' ? `${path}.${key}` : path, item];
    });
  });
}
