import { z } from 'zod';
import type { Problem } from '#kernel';

/** What a schema is made of, at its place. */
type Part = readonly [path: string, part: unknown];

const TRANSFORMED =
  'is transformed, which would be done again at every read: say it before the emit';
const CAUGHT = 'what is wrong is caught and replaced, so that nobody hears of it';
const OTHER_DEFAULT = 'has a default that is another one each time: say a value';
const NOT_THERE = 'refers to a schema that is not there yet: define that one first';

/** Zod's own, which do nothing the second time; a function is told by its text. */
const OWN_OVERWRITES: ReadonlySet<string> = new Set(
  [z.string().trim().normalize().toLowerCase().toUpperCase().slugify()].flatMap(({ def }) =>
    (def.checks ?? []).map((check) => textOfOverwrite(check)),
  ),
);

/** The fields of a payload that its schema may read as something else another time, by their paths. */
export function unstableIn(schema: z.ZodType, path: string, seen = new Set<unknown>()): Problem[] {
  // Schemas may be of themselves.
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema;
  const message = problemWith(def);
  if (message !== undefined) return [{ path, message }];
  return partsOf(def, path).flatMap(([place, part]) =>
    part instanceof z.ZodType ? unstableIn(part, place, seen) : [],
  );
}

/** What is wrong with a schema itself, whatever it is made of. */
function problemWith(def: z.core.$ZodTypeDef): string | undefined {
  // A codec is a pipe with functions of its own.
  if (def.type === 'transform' || 'reverseTransform' in def) return TRANSFORMED;
  const texts = (def.checks ?? []).map((check) => textOfOverwrite(check));
  if (texts.some((text) => text !== '' && !OWN_OVERWRITES.has(text))) return TRANSFORMED;
  if (def.type === 'catch') return CAUGHT;
  if ('defaultValue' in def && !isSameTwice(() => def.defaultValue)) return OTHER_DEFAULT;
  return 'getter' in def && !isThere(def as z.core.$ZodLazyDef) ? NOT_THERE : undefined;
}

function textOfOverwrite(check: z.core.$ZodCheck): string {
  // oxlint-disable-next-line no-underscore-dangle -- it is zod's only name for what a check is made of
  const { def } = check._zod;
  return 'tx' in def ? String(def.tx) : '';
}

function isSameTwice(read: () => unknown): boolean {
  try {
    return isSame(read(), read());
  } catch {
    return false;
  }
}

/** Lists and maps by what they hold, and all else by being the same: two times may be equal by chance. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  const [entries, others] = [one, other].map((value) => {
    const isPlain = Array.isArray(value) || z.core.util.isPlainObject(value);
    return isPlain ? Object.entries(value as object) : undefined;
  });
  if (entries?.length === undefined || entries.length !== others?.length) return false;
  return entries.every(([name, value], index) => {
    const [otherName, otherValue] = others[index] ?? [];
    return name === otherName && isSame(value, otherValue);
  });
}

function isThere({ getter }: z.core.$ZodLazyDef): boolean {
  try {
    return getter() instanceof z.ZodType;
  } catch {
    return false;
  }
}

/** Whatever a schema calls what it is made of; only an object's fields have names of their own. */
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
