import type { ErrorObject } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Problem } from '#kernel';
import { canonicalText } from '../emit/canonical.ts';
import { checksIn, problemsInSchema } from './check-schema.ts';
import { FORMATS } from './formats.ts';
import { jsonFormOf } from './json-value.ts';
import { readPattern } from './patterns.ts';

/** Checks of one payload, of every value by every check: half a second at worst. */
const MAX_CHECKED = 2_000_000;
/** Up to as many, every problem is looked for: there may be one for each. */
const MAX_CHECKED_FOR_ALL = 50_000;
/** Steps that all patterns together may take for one payload: about 0.1 s. */
const MAX_PATTERN_STEPS = 2_000_000;
const TOO_MANY_VALUES = 'too many values for all that its schema asks of each';
const TOO_MUCH_TEXT = 'too much text for the patterns of its schema';

/** Every problem of a payload, with its path; of one that is very large, the first. */
export type Validate = (payload: unknown) => Problem[];

/** Reads the standard's own schema of schemas, which takes 0.1 s; it keeps nothing of what it judges. */
const readingSchemas = lazily(() => createAjv(true));

/** Everything because of which a schema is refused, after which `compileSchema` takes it. */
export function problemsWithSchema(schema: unknown): Problem[] {
  const problems = problemsInSchema(schema);
  if (problems.length > 0) return problems;
  const ajv = readingSchemas();
  if (ajv.validateSchema(schema as object) === true) return [];
  return (ajv.errors ?? []).map((error) => problemOf(error, 'schema'));
}

/** Makes a validator of a schema that `problemsWithSchema` found nothing wrong with; costs milliseconds. */
export function compileSchema(schema: Readonly<Record<string, unknown>>): Validate {
  const steps = new PatternSteps();
  const every = lazily(() => createAjv(true, steps).compile(schema));
  const first = lazily(() => createAjv(false, steps).compile(schema));
  const checks = checksIn(schema);
  return (payload) => {
    const { json, values } = jsonFormOf(payload);
    const checked = values * checks;
    if (checked > MAX_CHECKED) return [{ path: 'payload', message: TOO_MANY_VALUES }];
    const compiled = checked <= MAX_CHECKED_FOR_ALL ? every() : first();
    steps.left = MAX_PATTERN_STEPS;
    const isValid = compiled(json);
    if (steps.left < 0) return [{ path: 'payload', message: TOO_MUCH_TEXT }];
    return isValid ? [] : (compiled.errors ?? []).map((error) => problemOf(error, 'payload'));
  };
}

/** A pattern as ajv takes one. */
interface RegExpLike {
  readonly test: (text: string) => boolean;
  /** Patterns are told apart by it where a schema has several. */
  readonly toString: () => string;
}

/** What is left of one payload's steps; once it is spent, no text matches any more. */
class PatternSteps {
  left = MAX_PATTERN_STEPS;

  readonly compile = (source: string): RegExpLike => {
    const pattern = readPattern(source);
    if ('refused' in pattern) throw new Error(`The pattern ${source} is ${pattern.refused}.`);
    return {
      test: (text) => {
        this.left -= pattern.steps * text.length;
        return this.left >= 0 && pattern.test(text);
      },
      toString: () => JSON.stringify(source),
    };
  };
}

function lazily<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

/**
 * Its own for each schema: what one has compiled is forgotten with it. Fields that objects inherit are not
 * theirs, patterns take linear time, and lists of many equal values are no trouble.
 */
function createAjv(allErrors: boolean, steps = new PatternSteps()): Ajv2020 {
  // Asked for in case its code is written out, which it never is.
  const regExp = Object.assign(steps.compile, { code: 'linear' });
  const ajv = new Ajv2020({
    allErrors,
    strict: false,
    ownProperties: true,
    validateSchema: false,
    logger: false,
    // Money: 19.99 is a multiple of 0.01, whatever its bits say.
    multipleOfPrecision: 9,
    formats: { ...FORMATS },
    code: { regExp },
  });
  ajv.removeKeyword('uniqueItems');
  return ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (isAsked: boolean, items: readonly unknown[]) =>
      !isAsked || new Set(items.map(canonicalText)).size === items.length,
  });
}

/** The parameter that names the field a problem is about, by keyword. */
const FIELD_OF: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};
const UNKNOWN_FIELD = new Set(['additionalProperties', 'unevaluatedProperties']);

function problemOf({ keyword, instancePath, params, message }: ErrorObject, root: string): Problem {
  const steps = instancePath.split('/').slice(1).map(unescape);
  const field: unknown = params[FIELD_OF[keyword] ?? ''];
  const path = [root, ...steps, ...(typeof field === 'string' ? [field] : [])].join('.');
  return { path, message: messageFor(keyword, message) };
}

function messageFor(keyword: string, message = 'is not what the schema says'): string {
  if (keyword === 'uniqueItems') return 'must not have the same item twice';
  return UNKNOWN_FIELD.has(keyword) ? 'unknown field' : message;
}

/** A step of a JSON pointer, as RFC 6901 has it. */
function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
