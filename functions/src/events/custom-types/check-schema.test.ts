import { describe, expect, test } from '@jest/globals';
import { problemsWithSchema } from './compile-schema.ts';

const REPORTED = 20;

function pathsIn(schema: unknown): string[] {
  return problemsWithSchema(schema).map(({ path }) => path);
}

/** A payload with one field, of this schema. */
const withField = (a: unknown, rest: object = {}) => ({
  type: 'object',
  properties: { a },
  ...rest,
});

/** Each definition asks the next one twice: 2^n of them, once they are followed. */
function doubling(definitions: number) {
  const twice = (n: number) => [{ $ref: `#/$defs/d${n}` }, { $ref: `#/$defs/d${n}` }];
  const $defs = Object.fromEntries(
    Array.from({ length: definitions }, (_, n) => [`d${n}`, { anyOf: twice(n + 1) }]),
  );
  return { $defs: { ...$defs, [`d${definitions}`]: { type: 'string' } } };
}

function nested(depth: number): object {
  return nestedOver(depth, { type: 'string' });
}

function nestedOver(depth: number, last: object): object {
  return depth === 0 ? last : { items: nestedOver(depth - 1, last) };
}

function deepJson(depth: number): unknown {
  return depth === 0 ? null : { a: deepJson(depth - 1) };
}

const cyclic: Record<string, unknown> = { type: 'object' };
cyclic['examples'] = [cyclic];

describe('a schema is let through', () => {
  test.each<[string, object]>([
    ['that asks for nothing', { type: 'object' }],
    [
      'that says its dialect',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' },
    ],
    [
      'with every kind of keyword',
      {
        ...withField({ type: ['string', 'null'], minLength: 1, pattern: '^[A-Z]+$' }),
        patternProperties: { '^x_': { enum: [1, 'two', [3]] } },
        additionalProperties: false,
        required: ['a'],
        dependentRequired: { a: ['b'] },
        dependentSchemas: { a: { minProperties: 1 } },
        // oxlint-disable-next-line unicorn/no-thenable
        allOf: [{ if: { required: ['b'] }, then: true, else: { not: { const: 1 } } }],
        propertyNames: { maxLength: 9 },
        unevaluatedProperties: false,
        description: 'x',
        examples: [{ a: 'B' }],
      },
    ],
    [
      'that uses a definition twice',
      withField(
        { $ref: '#/$defs/m' },
        {
          items: { $ref: '#/$defs/m' },
          $defs: { m: { type: 'integer' } },
        },
      ),
    ],
    [
      'with a name of another language’s pattern',
      withField({ pattern: String.raw`^\d{4}-(?<month>\d\d)$` }),
    ],
    ...[String.raw`^\u{1F600}\u{d8}\uE000\\uD83D$`, '(?i-m:a)', String.raw`\(?m:?`, '[(?m:]'].map(
      (pattern): [string, object] => [`with ${pattern}`, withField({ pattern })],
    ),
    [
      'of 20 schemas in schemas, half of them a definition',
      withField(nestedOver(8, { $ref: '#/$defs/d' }), { $defs: { d: nested(9) } }),
    ],
  ])('%s', (_, schema) => {
    expect(problemsWithSchema(schema)).toEqual([]);
  });
});

describe('a schema is refused, by the path of what is wrong:', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', undefined, ['schema']],
    ['a text', 'object', ['schema']],
    ['true', true, ['schema']],
    ['no object', { type: 'string' }, ['schema.type']],
    ['no type', {}, ['schema.type']],
    [
      'another dialect',
      { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' },
      ['schema.$schema'],
    ],
    ['a type that is none', withField({ type: 'text' }), ['schema.properties.a.type']],
    ['a limit that is none', withField({ minLength: -1 }), ['schema.properties.a.minLength']],
    ['a schema that is none', withField('string'), ['schema.properties.a']],
    ['a word that is no keyword', withField({ tpye: 'string' }), ['schema.properties.a.tpye']],
    ['a name for others to refer to', { $id: 'https://x.example', type: 'object' }, ['schema.$id']],
    ['an anchor', withField({ $anchor: 'a' }), ['schema.properties.a.$anchor']],
    [
      'a reference to elsewhere',
      withField({ $ref: 'https://x.example/y' }),
      ['schema.properties.a.$ref'],
    ],
    ['a reference to a file', withField({ $ref: 'other.json#/a' }), ['schema.properties.a.$ref']],
    ['a dynamic reference', withField({ $dynamicRef: '#a' }), ['schema.properties.a.$dynamicRef']],
    ['a reference to itself', withField({ $ref: '#' }), ['schema.properties.a.$ref']],
    ['a reference to nothing', withField({ $ref: '#/$defs/b' }), ['schema.properties.a.$ref']],
    ['definitions in between', withField({ $defs: {} }), ['schema.properties.a.$defs']],
    ['a format that nobody checks', withField({ format: 'regex' }), ['schema.properties.a.format']],
    [
      'an inherited word as a format',
      withField({ format: 'toString' }),
      ['schema.properties.a.format'],
    ],
    ['lookahead', withField({ pattern: '^(?=a)' }), ['schema.properties.a.pattern']],
    [
      'a back reference',
      withField({ pattern: String.raw`(a)\1` }),
      ['schema.properties.a.pattern'],
    ],
    ['a pattern that is none', withField({ pattern: '(' }), ['schema.properties.a.pattern']],
    ...[
      '(?P<a>b)',
      '(?U)a',
      '[[:alpha:]]',
      String.raw`\A`,
      String.raw`\pL`,
      String.raw`\Q.\E`,
      'a{',
    ].map((pattern): [string, unknown, string[]] => [
      `a pattern of RE2’s own: ${pattern}`,
      withField({ pattern }),
      ['schema.properties.a.pattern'],
    ]),
    ...[String.raw`^\uD83D\uDE00$`, String.raw`\u{d83d}`, '(?m:^a$)', '(?im-s:a)'].map(
      (pattern): [string, unknown, string[]] => [
        `a pattern that is another in RE2: ${pattern}`,
        withField({ pattern }),
        ['schema.properties.a.pattern'],
      ],
    ),
    ['a pattern that is no text', withField({ pattern: 1 }), ['schema.properties.a.pattern']],
    [
      'a pattern of names',
      { type: 'object', patternProperties: { '(?!a)': true } },
      ['schema.patternProperties.(?!a)'],
    ],
    [
      'a very long pattern',
      withField({ pattern: 'a'.repeat(501) }),
      ['schema.properties.a.pattern'],
    ],
    [
      '__proto__',
      JSON.parse('{"type":"object","properties":{"__proto__":{}}}'),
      ['schema.properties.__proto__'],
    ],
    ['what is no JSON', withField({ const: undefined }), ['schema.properties.a.const']],
    ['a date', withField({ const: new Date(0) }), ['schema.properties.a.const']],
    ['what contains itself', cyclic, [`schema${'.examples.0'.repeat(32)}.type`]],
  ])('%s', (_, schema, paths) => {
    expect([...new Set(pathsIn(schema))]).toEqual(paths);
  });

  test.each<[string, unknown, string]>([
    ['of a pattern that is none', withField({ pattern: '(' }), 'expression of ECMAScript'],
    ['of a pattern with lookahead', withField({ pattern: '(?=a)' }), 'has no lookaround'],
    ['over 32 KiB', withField({ const: 'x'.repeat(33_000) }), 'bytes, at most 32768'],
    ['of JSON nested 65 deep', withField({ const: deepJson(65) }), 'nested deeper than 64 levels'],
    ['of 21 schemas in schemas', withField(nested(20)), 'deeper than 20 schemas in schemas'],
    [
      'of 21 schemas in schemas, half of them a definition',
      withField(nestedOver(9, { $ref: '#/$defs/d' }), { $defs: { d: nested(10) } }),
      'deeper than 20 schemas in schemas',
    ],
    [
      'of too many schemas',
      { type: 'object', allOf: Array.from({ length: 500 }, () => true) },
      '501 checks',
    ],
    [
      'of too long an enum',
      withField({ enum: Array.from({ length: 500 }, (_, n) => n) }),
      '502 checks',
    ],
    [
      'of a pattern with many steps',
      withField({ pattern: 'a{600}' }),
      'checks, its references followed',
    ],
    [
      'of patterns that are long together',
      { type: 'object', allOf: ['a', 'b', 'c'].map((a) => ({ pattern: `[^${a}]`.repeat(100) })) },
      'at most 1000 characters in all patterns',
    ],
    [
      'of names by a pattern with many steps',
      { type: 'object', patternProperties: { 'a{600}': true } },
      'checks, its references followed',
    ],
    [
      'of two branches in two, nine times',
      withField({ $ref: '#/$defs/d0' }, doubling(9)),
      'checks, its references followed',
    ],
    [
      'that goes on for ever',
      withField({ $ref: '#/$defs/d0' }, doubling(300)),
      'checks, its references followed',
    ],
    [
      'that refers back to itself',
      withField({ $ref: '#/$defs/a' }, { $defs: { a: { items: { $ref: '#/$defs/a' } } } }),
      'cannot refer back to itself',
    ],
    [
      'that refers back by way of others',
      {
        type: 'object',
        $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { items: { $ref: '#/$defs/a' } } },
      },
      'cannot refer back to itself',
    ],
    [
      'of a definition with a pattern of many steps, that nobody refers to',
      { type: 'object', $defs: { a: { pattern: 'a{600}' } } },
      'checks, its references followed',
    ],
  ])('one %s', (_, schema, message) => {
    const problems = problemsWithSchema(schema);
    expect(problems.map((problem) => problem.message).join()).toContain(message);
    expect(problems.length).toBeLessThanOrEqual(REPORTED);
  });
});

test('patterns after those that are too much are not read any more', () => {
  const read = { a: { pattern: '(?:a{1,30}){1,30}' }, b: { pattern: '(' } };
  expect(pathsIn({ type: 'object', properties: read })).toEqual(['schema']);
});
