import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from './compatibility.ts';
import { breakingChanges } from './compatibility.ts';

const line = {
  type: 'object',
  properties: { text: { type: 'string', maxLength: 100 } },
  required: ['text'],
  additionalProperties: false,
};
function ofKind(kind: string) {
  return { type: 'object', properties: { kind: { const: kind } }, required: ['kind'] };
}
const fields = {
  amount: { type: 'integer', minimum: 1, maximum: 1_000 },
  ratio: { type: 'number', exclusiveMinimum: 0 },
  currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  name: { type: 'string', minLength: 1, maxLength: 100 },
  status: { type: 'string', enum: ['draft', 'sent'] },
  fixed: { const: 1 },
  note: { type: ['string', 'null'] },
  lines: { type: 'array', items: line, maxItems: 10 },
  tags: { type: 'object', additionalProperties: { type: 'string' } },
  open: { type: 'object', properties: {} },
  any: {},
  either: { anyOf: [{ type: 'string' }, line] },
  kind: { oneOf: [ofKind('a'), ofKind('b')] },
  both: { anyOf: [{ type: 'string' }], oneOf: [{ type: 'string' }] },
  filled: { type: 'string', default: 'a' },
};
const published: JsonSchema = {
  type: 'object',
  properties: fields,
  required: ['amount', 'currency'],
  additionalProperties: false,
};

function withFields(changed: Readonly<Record<string, unknown>>): JsonSchema {
  return { ...published, properties: { ...fields, ...changed } };
}
function without(name: keyof typeof fields): JsonSchema {
  const { [name]: _, ...rest } = fields;
  return { ...published, properties: rest };
}
function linesOf(text: object, rest: object = {}): JsonSchema {
  const items = { ...line, properties: { text }, ...rest };
  return withFields({ lines: { ...fields.lines, items } });
}

function withRequired(added: Readonly<Record<string, unknown>>, name: string): JsonSchema {
  return { ...withFields(added), required: ['amount', 'currency', name] };
}
const closed = { ...fields.open, additionalProperties: false };

describe('a change that breaks', () => {
  test.each<[string, JsonSchema, string]>([
    ['a removed field', without('name'), 'payload.name'],
    ['a removed field deep within', linesOf({}, { properties: {} }), 'payload.lines.*.text'],
    ['a new field that is required', withRequired({ added: {} }, 'added'), 'payload.added'],
    ['a field made required', withRequired({}, 'name'), 'payload.name'],
    ['a field that may be missing now', { ...published, required: ['amount'] }, 'payload.currency'],
    ['fewer values', withFields({ status: { type: 'string', enum: ['draft'] } }), 'payload.status'],
    ['certain values only', withFields({ name: { enum: ['a'] } }), 'payload.name'],
    ['another constant', withFields({ fixed: { const: 2 } }), 'payload.fixed'],
    ['another type', withFields({ amount: { type: 'string' } }), 'payload.amount'],
    ['a narrower type', withFields({ ratio: { type: 'integer' } }), 'payload.ratio'],
    ['fewer types', withFields({ note: { type: 'string' } }), 'payload.note'],
    ['a type where anything went', withFields({ any: { type: 'string' } }), 'payload.any'],
    ['a shorter maxLength', linesOf({ type: 'string', maxLength: 99 }), 'payload.lines.*.text'],
    ['a longer minLength', withFields({ name: { ...fields.name, minLength: 2 } }), 'payload.name'],
    [
      'a lower maximum',
      withFields({ amount: { ...fields.amount, maximum: 999 } }),
      'payload.amount',
    ],
    [
      'a higher minimum',
      withFields({ amount: { ...fields.amount, minimum: 2 } }),
      'payload.amount',
    ],
    ['a new bound', withFields({ lines: { ...fields.lines, minItems: 1 } }), 'payload.lines'],
    ['fewer items', withFields({ lines: { ...fields.lines, maxItems: 9 } }), 'payload.lines'],
    ['an added pattern', withFields({ name: { ...fields.name, pattern: '^a' } }), 'payload.name'],
    [
      'another pattern',
      withFields({ currency: { type: 'string', pattern: '^[A-Z]+$' } }),
      'payload.currency',
    ],
    ['an added format', withFields({ name: { ...fields.name, format: 'email' } }), 'payload.name'],
    ['an object that is closed', withFields({ open: closed }), 'payload.open'],
    [
      'narrower values of any name',
      withFields({ tags: { type: 'object', additionalProperties: { type: 'null' } } }),
      'payload.tags.*',
    ],
    ['a removed member of a union', withFields({ either: { anyOf: [line] } }), 'payload.either'],
    ['a union that is none any more', withFields({ either: { type: 'string' } }), 'payload.either'],
    ['a keyword nobody knows', withFields({ name: { ...fields.name, not: {} } }), 'payload.name'],
    [
      'a name of its own for what any name could be',
      withFields({ open: { type: 'object', properties: { a: { type: 'string' } } } }),
      'payload.open.a',
    ],
    [
      'narrower values of a name among any',
      withFields({ tags: { ...fields.tags, properties: { a: { type: 'string', maxLength: 9 } } } }),
      'payload.tags.a',
    ],
    ['another default', withFields({ filled: { type: 'string', default: 'b' } }), 'payload.filled'],
    [
      'a default that is new',
      withFields({ name: { ...fields.name, default: 'b' } }),
      'payload.name',
    ],
    ['no default any more', withFields({ filled: { type: 'string' } }), 'payload.filled'],
    [
      'one of several that may both be, where it was any of them',
      withFields({ either: { oneOf: [{}, ...fields.either.anyOf] } }),
      'payload.either',
    ],
    [
      'another one of several that take the same',
      withFields({ kind: { oneOf: [...fields.kind.oneOf, { type: 'object' }] } }),
      'payload.kind',
    ],
    [
      'two unions at once',
      withFields({ either: { ...fields.either, oneOf: [{ type: 'string' }, line] } }),
      'payload.either',
    ],
    ['one of two unions at once', withFields({ both: { anyOf: [{}] } }), 'payload.both'],
    [
      'what the union says besides its members',
      withFields({ either: { ...fields.either, type: 'string' } }),
      'payload.either',
    ],
    ['a field that takes nothing', withFields({ any: false }), 'payload.any'],
  ])('is %s', (_, current, path) => {
    const changes = breakingChanges(published, current, 'payload');
    expect(changes).toHaveLength(1);
    expect(changes[0]?.split(': ', 1)).toEqual([path]);
  });

  test('is told of each field', () => {
    const current = { ...without('name'), required: ['amount'] };
    expect(breakingChanges(published, current, 'payload')).toHaveLength(2);
  });
});

describe('a change that does not', () => {
  test.each<[string, JsonSchema]>([
    ['none', published],
    ['an optional field', withFields({ added: { type: 'string' } })],
    ['more values', withFields({ status: { type: 'string', enum: ['draft', 'sent', 'paid'] } })],
    ['any value of the type', withFields({ status: { type: 'string' } })],
    ['a wider type', withFields({ amount: { ...fields.amount, type: 'number' } })],
    ['no pattern any more', withFields({ currency: { type: 'string' } })],
    ['wider bounds', withFields({ amount: { type: 'integer', minimum: 0, maximum: 1_001 } })],
    ['no bounds any more', withFields({ amount: { type: 'integer' }, name: { type: 'string' } })],
    ['an open object', { ...published, additionalProperties: true }],
    ['another member of a union', withFields({ either: { anyOf: [{}, ...fields.either.anyOf] } })],
    ['one of several that are apart', withFields({ either: { oneOf: fields.either.anyOf } })],
    [
      'another one of several that are apart',
      withFields({ kind: { oneOf: [...fields.kind.oneOf, ofKind('c')] } }),
    ],
    ['any of them, where it was one', withFields({ kind: { anyOf: fields.kind.oneOf } })],
    [
      'a name of its own for what any name is',
      withFields({ tags: { ...fields.tags, properties: { a: { type: 'string' } } } }),
    ],
    ['a union of what there was and more', withFields({ status: { anyOf: [fields.status, {}] } })],
    ['other words about it', { ...published, description: 'An invoice.', title: 'invoice' }],
  ])('is %s', (_, current) => {
    expect(breakingChanges(published, current, 'payload')).toEqual([]);
  });
});
