import { describe, expect, test } from '@jest/globals';
import { compileSchema, problemsWithSchema } from './compile-schema.ts';

const REFUSED_PATTERN = '^.*a.{400}$';

/** The paths of what a schema that can be registered finds wrong with a payload. */
function pathsIn(schema: Record<string, unknown>, payload: unknown): string[] {
  const whole = { type: 'object', ...schema };
  expect(problemsWithSchema(whole)).toEqual([]);
  return compileSchema(whole)(payload).map(({ path }) => path);
}

const ofField = (a: object) => ({ properties: { a } });

describe('a payload', () => {
  test('has each of its problems by path', () => {
    const item = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
    const schema = {
      properties: { list: { items: item }, 'x/y~z': { type: 'integer' } },
      required: ['id'],
      additionalProperties: false,
    };
    const payload = { list: [{ text: 'ok' }, { text: 7 }, {}], 'x/y~z': 1.5, more: 1 };
    expect(pathsIn(schema, payload).toSorted()).toEqual([
      'payload.id',
      'payload.list.1.text',
      'payload.list.2.text',
      'payload.more',
      'payload.x/y~z',
    ]);
  });

  test.each([19.99, 4.35, 0.07, 1_000_000.01])('of money is a multiple of a cent: %p', (a) => {
    expect(pathsIn(ofField({ type: 'number', multipleOf: 0.01 }), { a })).toEqual([]);
  });

  test('that is no multiple is none', () => {
    expect(pathsIn(ofField({ multipleOf: 0.01 }), { a: 19.995 })).toEqual(['payload.a']);
  });

  test('of many values has its first problem', () => {
    const schema = ofField({ items: { type: 'string' } });
    expect(pathsIn(schema, { a: Array.from({ length: 20_000 }, () => 1) })).toEqual([
      'payload.a.0',
    ]);
  });

  test.each(['payload', 7, null, []])('is an object, not %p', (payload) => {
    expect(pathsIn({}, payload)).toEqual(['payload']);
  });

  test('has its times as texts', () => {
    const schema = ofField({ type: 'string', format: 'date-time' });
    expect(pathsIn(schema, { a: new Date(5) })).toEqual([]);
    expect(pathsIn(ofField({ type: 'object' }), { a: new Date(5) })).toEqual(['payload.a']);
  });

  test('has no field that it inherits', () => {
    const payload = { a: 1 };
    expect(pathsIn({ required: ['constructor', 'toString'] }, payload)).toEqual([
      'payload.constructor',
      'payload.toString',
    ]);
    expect(pathsIn({ properties: { constructor: false } }, payload)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['date-time', '2026-01-31T10:00:00+01:00', '2026-01-31'],
    ['date', '2026-01-31', '2026-02-30'],
    ['email', 'ada@example.com', 'ada@'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
  ])('has a %s that is one', (format, right, wrong) => {
    expect(pathsIn(ofField({ format }), { a: right })).toEqual([]);
    expect(pathsIn(ofField({ format }), { a: wrong })).toEqual(['payload.a']);
    expect(pathsIn(ofField({ format }), { a: `${right}${'x'.repeat(250_000)}` })).toEqual([
      'payload.a',
    ]);
  });

  test('has items that differ, whatever the order of their keys', () => {
    const schema = ofField({ uniqueItems: true });
    expect(
      pathsIn(schema, {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 2 },
        ],
      }),
    ).toEqual([]);
    expect(
      pathsIn(schema, {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      }),
    ).toEqual(['payload.a']);
    expect(pathsIn(ofField({ uniqueItems: false }), { a: [1, 1] })).toEqual([]);
  });

  test('is read by definitions, conditions and patterns', () => {
    const schema = {
      properties: { kind: { enum: ['a', 'b'] }, code: { $ref: '#/$defs/code' } },
      if: { properties: { kind: { const: 'a' } } },
      // oxlint-disable-next-line unicorn/no-thenable
      then: { required: ['code'] },
      patternProperties: { '^n_': { type: 'number' } },
      $defs: { code: { type: 'string', pattern: '^[A-Z]{3}$' } },
    };
    expect(pathsIn(schema, { kind: 'b', n_x: 1 })).toEqual([]);
    expect(pathsIn(schema, { kind: 'b', n_x: 'x', code: 'Abc' }).toSorted()).toEqual([
      'payload.code',
      'payload.n_x',
    ]);
    expect(pathsIn(schema, { kind: 'a' })).toContain('payload.code');
  });
});

describe('whoever means no good', () => {
  test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(x+x+)+y', '^(.*a){20}$'])(
    'has a pattern, %s, that is as quick as any',
    (pattern) => {
      const started = performance.now();
      pathsIn(ofField({ pattern }), { a: `${'a'.repeat(15_000)}!` });
      // A backtracking engine would take longer than the universe is old.
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );

  test('gives a pattern no more text than it may take steps for', () => {
    const text = 'ab'.repeat(100_000);
    const tooMuch = [{ path: 'payload', message: 'too much text for the patterns of its schema' }];
    const schema = { type: 'object', properties: { a: { pattern: REFUSED_PATTERN } } };
    const inverted = { type: 'object', properties: { a: { not: { pattern: REFUSED_PATTERN } } } };
    expect(compileSchema(schema)({ a: text })).toEqual(tooMuch);
    expect(compileSchema(inverted)({ a: text })).toEqual(tooMuch);
    const validate = compileSchema(schema);
    validate({ a: text });
    expect(validate({ a: `a${'b'.repeat(400)}` })).toEqual([]);
  });

  test('gives no more values than can be asked all that a schema asks', () => {
    const allOf = Array.from({ length: 450 }, (_, n) => ({ not: { const: -n - 1 } }));
    const schema = { type: 'object', properties: { a: { items: { allOf } } } };
    expect(problemsWithSchema(schema)).toEqual([expect.objectContaining({ path: 'schema' })]);
    const half = { type: 'object', properties: { a: { items: { allOf: allOf.slice(0, 200) } } } };
    expect(problemsWithSchema(half)).toEqual([]);
    const values = (length: number) => ({ a: Array.from({ length }, (_, n) => n) });
    expect(compileSchema(half)(values(1_000))).toEqual([]);
    expect(compileSchema(half)(values(60_000))).toEqual([
      { path: 'payload', message: 'too many values for all that its schema asks of each' },
    ]);
  });

  test('writes no code into what is compiled', () => {
    const evil = "'];globalThis.evil=1;//`${globalThis.evil=1}\\";
    const schema = {
      properties: { [evil]: { const: evil, description: evil } },
      required: [evil],
      $comment: evil,
    };
    expect(pathsIn(schema, { [evil]: evil })).toEqual([]);
    expect(pathsIn(schema, {})).toEqual([`payload.${evil}`]);
    expect(globalThis).not.toHaveProperty('evil');
  });
});
