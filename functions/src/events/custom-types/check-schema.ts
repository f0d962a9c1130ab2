import type { Problem } from '#kernel';
import { FORMATS } from './formats.ts';
import { problemInJson } from './json-value.ts';
import { DIALECT, KEYWORDS } from './keywords.ts';
import { ambiguityIn, readPattern } from './patterns.ts';

/** A schema as text, at most. */
const MAX_SCHEMA_BYTES = 32 * 1024;
/** Schemas in schemas, references followed. */
const MAX_DEPTH = 20;
/** What is asked of one value, at most; see `Part`. */
const MAX_CHECKS = 500;
/** Of all patterns together: reading one may take 0.1 ms for each of its characters. */
const MAX_PATTERN_CHARACTERS = 1_000;
/** Reported of one schema; there may be as many as it has words. */
const MAX_PROBLEMS = 20;
const REFERENCE = /^#\/\$defs\/([A-Za-z0-9_.-]{1,100})$/;

/** What a schema asks of one value, its own definitions not followed yet. */
interface Part {
  /** One for each schema, entry of `enum`, required field, and step that a pattern takes per character. */
  checks: number;
  depth: number;
  /** Which definitions it refers to, and how deep. */
  readonly references: { readonly name: string; readonly path: string; readonly depth: number }[];
}

/**
 * Everything because of which a schema is refused. What is let through reads any payload in a time that its
 * size and the payload's bound: it is one document, refers to its own definitions only and never back to
 * itself, and its patterns run in linear time.
 */
export function problemsInSchema(schema: unknown): Problem[] {
  const json = problemInJson(schema, 'schema');
  if (json !== undefined) return [json];
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > MAX_SCHEMA_BYTES) {
    return [{ path: 'schema', message: `${bytes} bytes, at most ${MAX_SCHEMA_BYTES}` }];
  }
  if (!isMap(schema)) return [{ path: 'schema', message: 'expected a schema' }];
  return [...problemsInRoot(schema), ...new SchemaCheck(schema).problems].slice(0, MAX_PROBLEMS);
}

/** What is asked of one value by a schema that nothing is wrong with, at most. */
export function checksIn(schema: Readonly<Record<string, unknown>>): number {
  return new SchemaCheck(schema).checks;
}

function problemsInRoot({ $schema = DIALECT, type }: Record<string, unknown>): Problem[] {
  return [
    ...($schema === DIALECT ? [] : [{ path: 'schema.$schema', message: `expected ${DIALECT}` }]),
    ...(type === 'object'
      ? []
      : [{ path: 'schema.type', message: 'expected "object": that is what a payload is' }]),
  ];
}

class SchemaCheck {
  readonly problems: Problem[] = [];
  readonly checks: number;
  readonly #definitions: ReadonlyMap<string, Part>;
  /** Of all patterns read so far, wherever they stand. */
  readonly #read = { steps: 0, characters: 0 };
  /** What each definition comes to; undefined while that is being counted. */
  readonly #totals = new Map<string, { checks: number; depth: number } | undefined>();

  constructor(schema: Readonly<Record<string, unknown>>) {
    const { $defs, ...root } = schema;
    const definitions = isMap($defs) ? Object.entries($defs) : [];
    if ($defs !== undefined && !isMap($defs)) this.#refuse('schema.$defs', 'expected schemas');
    this.#definitions = new Map(
      definitions.map(([name, value]) => [name, this.#part(value, `schema.$defs.${name}`)]),
    );
    const { checks, depth } = this.#total(this.#part(root, 'schema'));
    for (const name of this.#definitions.keys()) this.#totalOf(name, `schema.$defs.${name}`);
    this.checks = checks;
    const most = Math.max(checks, this.#read.steps);
    if (most > MAX_CHECKS) {
      this.#refuse('schema', `${most} checks, its references followed, at most ${MAX_CHECKS}`);
    }
    if (depth > MAX_DEPTH) this.#refuse('schema', `deeper than ${MAX_DEPTH} schemas in schemas`);
  }

  #refuse(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  #part(schema: unknown, path: string): Part {
    const part: Part = { checks: 0, depth: 0, references: [] };
    this.#walk(part, schema, path, 1);
    return part;
  }

  #walk(part: Part, schema: unknown, path: string, depth: number): void {
    part.checks += 1;
    part.depth = Math.max(part.depth, depth);
    if (typeof schema === 'boolean') return;
    if (!isMap(schema)) return this.#refuse(path, 'expected a schema');
    for (const [name, value] of Object.entries(schema)) {
      this.#keyword(part, { name, value, path: `${path}.${name}` }, depth);
    }
  }

  #keyword(
    part: Part,
    { name, value, path }: { name: string; value: unknown; path: string },
    depth: number,
  ): void {
    switch (KEYWORDS.get(name)) {
      case undefined:
        return this.#refuse(path, 'not a keyword that can be used here');
      case 'schema':
        return this.#walk(part, value, path, depth + 1);
      case 'patterns':
        this.#patterns(part, value, path);
        return this.#walkAll(part, value, path, depth);
      case 'schemas':
      case 'map':
        if (name === '$defs') return this.#refuse(path, 'definitions stand at the top');
        return this.#walkAll(part, value, path, depth);
      case 'counted':
        part.checks += entriesIn(value);
        return;
      case 'value':
        return this.#value(part, { name, value, path }, depth);
    }
  }

  #walkAll(part: Part, value: unknown, path: string, depth: number): void {
    if (typeof value !== 'object' || value === null) return this.#refuse(path, 'expected schemas');
    for (const [name, schema] of Object.entries(value)) {
      this.#walk(part, schema, `${path}.${name}`, depth + 1);
    }
  }

  #value(
    part: Part,
    { name, value, path }: { name: string; value: unknown; path: string },
    depth: number,
  ): void {
    if (name === 'pattern') this.#pattern(part, value, path);
    if (name === 'format' && !(typeof value === 'string' && Object.hasOwn(FORMATS, value))) {
      this.#refuse(path, `expected one of ${Object.keys(FORMATS).join(', ')}`);
    }
    if (name !== '$ref') return;
    const [, target] = REFERENCE.exec(String(value)) ?? [];
    if (target === undefined) {
      return this.#refuse(path, 'expected a reference to a definition here: #/$defs/<name>');
    }
    part.references.push({ name: target, path, depth });
  }

  #patterns(part: Part, value: unknown, path: string): void {
    const sources = isMap(value) ? Object.keys(value) : [];
    for (const source of sources) this.#pattern(part, source, `${path}.${source}`);
  }

  #pattern(part: Part, source: unknown, path: string): void {
    if (typeof source !== 'string') return this.#refuse(path, 'expected a pattern');
    // What is refused already is not read to its end: that takes its time, and everybody waits.
    if (Math.max(part.checks, this.#read.steps) > MAX_CHECKS) return;
    this.#read.characters += source.length;
    if (this.#read.characters > MAX_PATTERN_CHARACTERS) {
      const message = `at most ${MAX_PATTERN_CHARACTERS} characters in all patterns together`;
      return this.#refuse(path, message);
    }
    const pattern = readPattern(source);
    const refused = 'refused' in pattern ? pattern.refused : ambiguityIn(source);
    if (refused !== undefined) this.#refuse(path, refused);
    if ('refused' in pattern) return;
    part.checks += pattern.steps;
    this.#read.steps += pattern.steps;
  }

  /** What a part comes to with all that it refers to. */
  #total({ checks, depth, references }: Part): { checks: number; depth: number } {
    const total = { checks, depth };
    for (const reference of references) {
      const target = this.#totalOf(reference.name, reference.path);
      total.checks += target.checks;
      total.depth = Math.max(total.depth, reference.depth + target.depth);
    }
    return total;
  }

  #totalOf(name: string, path: string): { checks: number; depth: number } {
    const known = this.#totals.get(name);
    if (known !== undefined) return known;
    const part = this.#definitions.get(name);
    const isOpen = this.#totals.has(name);
    if (part === undefined) this.#refuse(path, 'there is no such definition');
    if (isOpen) this.#refuse(path, 'a schema cannot refer back to itself');
    if (part === undefined || isOpen) return { checks: 0, depth: 0 };
    this.#totals.set(name, undefined);
    const total = this.#total(part);
    this.#totals.set(name, total);
    return total;
  }
}

function entriesIn(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isMap(value)
    ? Object.values(value).reduce<number>((sum, item) => sum + entriesIn(item), 0)
    : 0;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
