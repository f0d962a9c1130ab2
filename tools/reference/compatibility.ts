/** A JSON Schema, as parsed from a file. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What says nothing of the values a schema takes. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  '$schema $id $comment title description examples deprecated'.split(' '),
);
/** What is judged one by one below. Any other keyword may only stay as it is, or go. */
const JUDGED: ReadonlySet<string> = new Set(
  'type enum const default anyOf oneOf properties required additionalProperties items'.split(' '),
);
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const BOUNDS: ReadonlySet<string> = new Set([...UPPER_BOUNDS, ...LOWER_BOUNDS]);
/** Keywords that only ever narrow: without one there is more. */
const RESTRICTIONS: ReadonlySet<string> = new Set(
  'pattern format multipleOf uniqueItems propertyNames'.split(' '),
);

/**
 * Everything that breaks those who write or read by the published schema: what it takes and the current
 * one refuses, and fields that are gone, or that may be missing now. Each with its path. What this cannot
 * judge is told as a problem, too: it never passes what it has not understood.
 */
export function breakingChanges(published: unknown, current: unknown, path: string): string[] {
  const [before, after] = [asSchema(published), asSchema(current)];
  if (isUnion(before) || isUnion(after)) return unionChanges(before, after, path);
  return [
    ...defaultChanges(before, after, path),
    ...typeChanges(before, after, path),
    ...valueChanges(before, after, path),
    ...boundChanges(before, after, path),
    ...otherChanges(before, after, path),
    ...fieldChanges(before, after, path),
    ...openness(before, after, path),
    ...('items' in after ? breakingChanges(before['items'], after['items'], `${path}.*`) : []),
  ];
}

/** No schema, and `true`, take anything; `false` takes nothing. */
function asSchema(schema: unknown): JsonSchema {
  if (schema === false) return { not: {} };
  return typeof schema === 'object' && schema !== null ? (schema as JsonSchema) : {};
}

function isUnion(schema: JsonSchema): boolean {
  return 'anyOf' in schema || 'oneOf' in schema;
}

/** Whether its members can be judged one by one: they are of one union, which says nothing else itself. */
function isClear({ anyOf, oneOf, ...rest }: JsonSchema): boolean {
  if (anyOf !== undefined && oneOf !== undefined) return false;
  if (anyOf === undefined && oneOf === undefined) return true;
  return Object.keys(rest).every((keyword) => ANNOTATIONS.has(keyword) || keyword === 'default');
}

/** Whether a value that one of its members takes may be refused: `oneOf` refuses what two of them take. */
function mayRefuse({ oneOf }: JsonSchema): boolean {
  const members = ((oneOf ?? []) as readonly unknown[]).map(asSchema);
  return !everyPair(members, areApart);
}

function everyPair<T>(all: readonly T[], holds: (one: T, other: T) => boolean): boolean {
  return all.every((one, index) => all.slice(index + 1).every((other) => holds(one, other)));
}

/** Whether no value can be of both, as far as types, constants, and those of required fields tell. */
function areApart(one: JsonSchema, other: JsonSchema): boolean {
  if (haveNoneInCommon(kindsOf(one), kindsOf(other))) return true;
  if (haveNoneInCommon(valuesOf(one), valuesOf(other))) return true;
  if (one['type'] !== 'object' || other['type'] !== 'object') return false;
  const required = requiredIn(one).filter((name) => requiredIn(other).includes(name));
  return required.some((name) =>
    areApart(asSchema(fieldsOf(one)[name]), asSchema(fieldsOf(other)[name])),
  );
}

/** The types, a whole number being a number. */
function kindsOf(schema: JsonSchema): readonly string[] | undefined {
  return typesOf(schema)?.map((type) => (type === 'integer' ? 'number' : String(type)));
}

function haveNoneInCommon(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): boolean {
  return some !== undefined && others !== undefined && !some.some((one) => others.includes(one));
}

function membersOf(schema: JsonSchema): readonly unknown[] {
  const { anyOf, oneOf, ...rest } = schema;
  const members = (anyOf ?? oneOf) as readonly unknown[] | undefined;
  return members?.map((member) => ({ ...rest, ...asSchema(member) })) ?? [schema];
}

function unionChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isClear(before) || !isClear(after) || mayRefuse(after)) {
    return [`${path}: a union was added or changed, which this check takes for narrower`];
  }
  const now = membersOf(after);
  return membersOf(before).flatMap((member, index) => {
    const changes = now.map((other) => breakingChanges(member, other, path));
    if (changes.some((change) => change.length === 0)) return [];
    return [`${path}: member ${index + 1} of the union is removed or narrowed`];
  });
}

function typesOf({ type }: JsonSchema): readonly unknown[] | undefined {
  return type === undefined || Array.isArray(type) ? (type as unknown[] | undefined) : [type];
}

function typeChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const now = typesOf(after);
  if (now === undefined) return [];
  const takes = (type: unknown) =>
    now.includes(type) || (type === 'integer' && now.includes('number'));
  const refused = (typesOf(before) ?? ['any value']).filter((type) => !takes(type));
  return refused.map((type) => `${path}: no longer takes ${String(type)}, only ${now.join(', ')}`);
}

function valuesOf(schema: JsonSchema): readonly string[] | undefined {
  const values = 'const' in schema ? [schema['const']] : (schema['enum'] as unknown[] | undefined);
  return values?.map((value) => JSON.stringify(value));
}

function valueChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const now = valuesOf(after);
  if (now === undefined) return [];
  const refused = (valuesOf(before) ?? ['other values']).filter((value) => !now.includes(value));
  return refused.map((value) => `${path}: no longer takes ${value}`);
}

/** What is not there is read as another value. */
function defaultChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, now] = [before, after].map((schema) => JSON.stringify(schema['default']));
  return was === now
    ? []
    : [`${path}: the default was ${was ?? 'none'} and is ${now ?? 'none'} now`];
}

function boundChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const narrower = (keyword: string, direction: 1 | -1): string[] => {
    const now = after[keyword];
    if (typeof now !== 'number') return [];
    const least = keyword.startsWith('min') && keyword !== 'minimum' ? 0 : undefined;
    const was = before[keyword] ?? least;
    if (typeof was === 'number' && now * direction <= was * direction) return [];
    const change =
      was === undefined ? `is ${now} now` : `was ${JSON.stringify(was)} and is ${now} now`;
    return [`${path}: ${keyword} ${change}`];
  };
  return [
    ...UPPER_BOUNDS.flatMap((keyword) => narrower(keyword, -1)),
    ...LOWER_BOUNDS.flatMap((keyword) => narrower(keyword, 1)),
  ];
}

function otherChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keywords].flatMap((keyword) => {
    if (ANNOTATIONS.has(keyword) || JUDGED.has(keyword) || BOUNDS.has(keyword)) return [];
    const now = after[keyword];
    if (now === undefined && RESTRICTIONS.has(keyword)) return [];
    if (JSON.stringify(before[keyword]) === JSON.stringify(now)) return [];
    return [`${path}: ${keyword} was added or changed, which this check takes for narrower`];
  });
}

function fieldsOf(schema: JsonSchema): Readonly<Record<string, unknown>> {
  return asSchema(schema['properties']);
}

function requiredIn(schema: JsonSchema): readonly string[] {
  return (schema['required'] ?? []) as readonly string[];
}

function fieldChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, now] = [fieldsOf(before), fieldsOf(after)];
  const at = (name: string) => `${path}.${name}`;
  return [
    ...Object.keys(was).flatMap((name) =>
      Object.hasOwn(now, name)
        ? breakingChanges(was[name], now[name], at(name))
        : [`${at(name)}: the field is removed`],
    ),
    // Where any name was taken, events may have this one with any value that was.
    ...Object.keys(now)
      .filter((name) => !Object.hasOwn(was, name) && before['additionalProperties'] !== false)
      .flatMap((name) => breakingChanges(before['additionalProperties'], now[name], at(name))),
    ...requiredIn(after)
      .filter((name) => !requiredIn(before).includes(name))
      .map((name) => `${at(name)}: the field is required now; older events lack it`),
    ...requiredIn(before)
      .filter((name) => Object.hasOwn(now, name) && !requiredIn(after).includes(name))
      .map((name) => `${at(name)}: the field may be missing now; readers count on it`),
  ];
}

/** What becomes of fields that have no name in the schema. */
function openness(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, now] = [before['additionalProperties'], after['additionalProperties']];
  if (was === false || now === undefined) return [];
  if (now === false) return [`${path}: no longer takes fields of other names`];
  return breakingChanges(was, now, `${path}.*`);
}
