import * as fc from 'fast-check';

const name = fc
  .string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
  .filter((text) => !/^__.*__$/s.test(text));

const date = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

const leaf = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '0', '-0', 'null', 't0', '"', '\u0000', '\u2028'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE),
  fc.boolean(),
  fc.constant(null),
  date,
);

const { value } = fc.letrec<{ value: unknown; map: unknown }>((tie) => ({
  map: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('map'),
    fc.array(fc.oneof(leaf, tie('map')), { maxLength: 4 }),
  ),
}));

/** Anything Firestore stores and gives back as it is, among what an event may say. */
export const storable: fc.Arbitrary<unknown> = value;
