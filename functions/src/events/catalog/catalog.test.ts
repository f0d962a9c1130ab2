import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { testCatalog } from '../testing/catalog.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import { Catalog } from './catalog.ts';
import { defineEvent } from './define-event.ts';

function define(type: string) {
  const description = 'Something happened.';
  return defineEvent({ type, version: 1, payload: z.strictObject({}), description, example: {} });
}

describe('a catalog', () => {
  test('answers a payload as its schema reads it, with the version of the schema', () => {
    expect(testCatalog.parse('invoice.sent', { amountMinor: 5 })).toEqual({
      version: 2,
      payload: { amountMinor: 5 },
    });
    expect(testCatalog.parse('book.pages.turned', {}).payload).toEqual({ count: 1 });
  });

  test('refuses a type it does not know, and repeats at most 100 characters of it', async () => {
    const unknown = 'x'.repeat(200);
    const error = await codedErrorOf(() => testCatalog.parse(unknown, {}));
    expect(error.code).toBe('invalid-event');
    expect(error.problems).toEqual([
      { path: 'eventType', message: `${'x'.repeat(100)} is not in the catalog` },
    ]);
  });

  test('names the path of every problem of a payload', async () => {
    const payload = { amountMinor: 1.5, lines: [{ text: 'ok' }, { text: 7 }], extra: true };
    const act = () => testCatalog.parse('invoice.sent', payload);
    expect((await codedErrorOf(act)).code).toBe('invalid-event');
    expect(await pathsOf(act)).toEqual([
      'payload.amountMinor',
      'payload.lines.1.text',
      'payload.extra',
    ]);
  });

  test.each([undefined, null, 7, 'text', []])('refuses %p as a payload', async (payload) => {
    expect(await pathsOf(() => testCatalog.parse('invoice.sent', payload))).toEqual(['payload']);
  });

  test('does not take two definitions of one type', async () => {
    const error = await codedErrorOf(() => new Catalog([define('a.b'), define('a.b')]));
    expect(error.message).toBe('a.b is defined twice.');
  });

  test('finds a definition by its type or an alias', () => {
    const definition = { ...define('a.b'), aliases: ['AB'] };
    expect(new Catalog([definition]).get('a.b')).toBe(definition);
    expect(new Catalog([definition]).get('AB')).toBe(definition);
    expect(new Catalog([definition]).get('a')).toBeUndefined();
  });

  test('does not take an alias that is a type, or another’s alias', async () => {
    const [one, two] = [define('a.b'), define('c.d')];
    const taken = [
      { ...two, aliases: ['a.b'] },
      { ...two, aliases: ['X'] },
    ];
    for (const other of taken) {
      const act = () => new Catalog([{ ...one, aliases: ['X'] }, other]);
      expect((await codedErrorOf(act)).message).toMatch(/is defined twice/);
    }
  });
});

describe('names that start with custom.', () => {
  test.each([
    ['a type', define('custom.a')],
    ['an alias', { ...define('a.b'), aliases: ['custom.B'] }],
  ])('are the organizations’ own: %s is refused', async (_, definition) => {
    const error = await codedErrorOf(() => new Catalog([definition]));
    expect(error.code).toBe('invalid-event');
    expect(error.message).toMatch(/^custom\.\w+ cannot be defined: /);
  });

  test('are told from those that look alike', () => {
    const alike = ['custom', 'customs.a', 'custom_.a', 'a.custom.b'].map(define);
    expect(() => new Catalog(alike)).not.toThrow();
  });

  test('are read without a definition, as they were stored', () => {
    const stored = { eventType: 'custom.a', schemaVersion: 7, payload: { a: 1 } } as never;
    expect(testCatalog.atNewest(stored)).toBe(stored);
    expect(testCatalog.knows(stored)).toBe(true);
    expect(testCatalog.get('custom.a')).toBeUndefined();
  });
});

describe('a version that is stated', () => {
  test.each([1, 3])('is refused where it is not the newest: %p', async (schemaVersion) => {
    const act = () => testCatalog.parse('invoice.sent', { amountMinor: 5 }, schemaVersion);
    expect(await pathsOf(act)).toEqual(['schemaVersion']);
  });

  test('is taken where it is', () => {
    expect(testCatalog.parse('invoice.sent', { amountMinor: 5 }, 2)).toMatchObject({ version: 2 });
  });
});

describe('a definition', () => {
  test.each(['Invoice.sent', 'invoice-sent', '1nvoice', '', '.sent', 'sent.', 'a'.repeat(101)])(
    'cannot be called %p',
    async (type) => {
      expect(await pathsOf(() => define(type))).toEqual([type]);
    },
  );

  const versioned = (version: number, upcasters: readonly string[]) => () => {
    const upcast = Object.fromEntries(upcasters.map((from) => [from, () => ({})]));
    return defineEvent({ ...define('a.b'), version, upcast });
  };
  test.each<[number, readonly string[], readonly string[]]>([
    [0, [], ['version']],
    [1.5, [], ['version']],
    [2, [], ['upcast.1']],
    [3, ['2'], ['upcast.1']],
    [2, ['1', '2'], ['upcast.2']],
    [1, ['0'], ['upcast.0']],
  ])('of version %p needs an upcaster from each version before: not %j', async (...given) => {
    const [version, upcasters, paths] = given;
    expect(await pathsOf(versioned(version, upcasters))).toEqual(paths);
  });

  describe('whose payload another read may make something else of is refused:', () => {
    const doubled = z.int().transform((n) => n * 2);
    interface Tree {
      readonly n: number;
      readonly next?: Tree | undefined;
    }
    let draws = 0;
    const raise = (): never => {
      throw new ReferenceError('not there yet');
    };
    const tree: z.ZodType<Tree> = z.lazy(() =>
      z.strictObject({ n: doubled, next: tree.optional() }),
    );
    test.each<[string, z.ZodType, string]>([
      ['a field', doubled, 'payload.a'],
      ['an optional field', doubled.optional(), 'payload.a'],
      ['a default', doubled.default(1), 'payload.a'],
      ['a list', z.array(doubled), 'payload.a'],
      ['a tuple', z.tuple([z.int(), doubled]), 'payload.a'],
      ['a record', z.record(z.string(), doubled), 'payload.a'],
      ['an object in a list', z.array(z.strictObject({ b: doubled })), 'payload.a.b'],
      ['one of several', z.union([z.string(), doubled]), 'payload.a'],
      ['what is read before', z.preprocess(Number, z.int()), 'payload.a'],
      ['what is read after', z.string().pipe(z.transform(Number)), 'payload.a'],
      ['a codec', z.codec(z.string(), z.int(), { decode: Number, encode: String }), 'payload.a'],
      ['itself', tree, 'payload.a.n'],
      ['what is overwritten', z.string().overwrite((text) => `${text}!`), 'payload.a'],
      ['what is caught', z.array(z.int().catch(1)), 'payload.a'],
      ['a default by the clock', z.date().default(() => new Date()), 'payload.a'],
      ['a default with a time in it', z.any().default(() => [{ at: new Date(0) }]), 'payload.a'],
      ['a default by chance', z.int().prefault(() => (draws += 1)), 'payload.a'],
      ['a default that throws', z.int().default(() => raise()), 'payload.a'],
      ['one that is not there yet', z.lazy(() => raise()), 'payload.a'],
    ])('%s', async (_, a, path) => {
      const definition = { ...define('a.b'), payload: z.strictObject({ a }), example: { a: 1 } };
      const act = () => defineEvent(definition as never);
      expect((await codedErrorOf(act)).code).toBe('invalid-event');
      expect(await pathsOf(act)).toEqual([path]);
    });

    test('but not one that is checked, trimmed, coerced or filled in, which is the same twice', () => {
      const payload = z.strictObject({
        text: z.string().trim().min(1).optional(),
        count: z.coerce.number().default(1),
        kind: z.enum(['a', 'b']).default('a'),
        word: z.string().normalize('NFC').toLowerCase().toUpperCase().default('X'),
        lines: z.array(z.strictObject({ at: z.date() })).default([{ at: new Date(0) }]),
        list: z.array(z.union([z.int(), z.string()])).refine((items) => items.length < 9),
      });
      const example = { kind: 'a' as const, list: [] };
      expect(() => defineEvent({ ...define('a.b'), payload, example })).not.toThrow();
    });
  });

  test('has aliases that are words', async () => {
    const act = (alias: string) => () => defineEvent({ ...define('a.b'), aliases: [alias] });
    expect(act('CheckPerformed')().aliases).toEqual(['CheckPerformed']);
    expect(await pathsOf(act('no spaces'))).toEqual(['aliases.no spaces']);
  });

  test.each(['a', 'invoice.sent', 'invoice.partially_paid', 'shopify.sync.started', 'a.1'])(
    'may be called %p',
    (type) => {
      expect(define(type).type).toBe(type);
    },
  );
});
