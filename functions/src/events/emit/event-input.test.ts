import { describe, expect, test } from '@jest/globals';
import { aNote } from '../testing/an-event.ts';
import { codedErrorOf, pathsOf } from '../testing/failure.ts';
import type { EventInput } from './event-input.ts';
import { checkInput, relatedOf } from './event-input.ts';

/** Wrong on purpose, where the types would not let it through. */
function problemPaths(said: Record<string, unknown>): Promise<string[]> {
  return pathsOf(() => checkInput({ ...aNote(), ...said }));
}

const wrongIds = ['', 'a b', 'a/b', 'ü', '.', '__x__', 'x'.repeat(129), 7, null, undefined, ['a']];
const rightIds = ['a', '-', '__', '_x_', 'A-Z_09', 'x'.repeat(128)];
const wrongTypes = [
  '',
  'Note',
  'note-added',
  'note.',
  '.note',
  'a b',
  'a'.repeat(101),
  7,
  undefined,
];
const user = { actorType: 'user', actorId: 'uid1' };

const noPaths = ['', 'invoices', 'a/b/c', 'a//b', '/a/b', 'a/\uD800', 7];
const noSegments = ['./a', 'a/.', 'a/..', '../a', 'a/b/../c', 'a/__x__', '__x__/a'];
const ownCollections = [
  'domain_events/a',
  'outbox/a',
  'outbox/a/notes/b',
  'commands/a',
  'streams/a',
  'outbox_controls/slots',
  'inbox/a',
  'notifications/a',
  'projection_state/totals~org1',
  'projections_totals/a',
  'projections_of_a_feature_to_come/a',
];
const wrongHeadPaths = [...noPaths, ...noSegments, ...ownCollections];

const metadataTexts = [
  ['correlationId', 200],
  ['causationId', 200],
  ['sourceService', 200],
  ['traceparent', 200],
  ['ipAddress', 200],
  ['userAgent', 500],
] as const;

type Field = [string, readonly unknown[], (value: unknown) => Record<string, unknown>];

describe('refused, by the field:', () => {
  const fields: Field[] = [
    ['orgId', wrongIds, (orgId) => ({ orgId })],
    ['entityId', wrongIds, (entityId) => ({ entityId })],
    ['matterId', wrongIds.filter((id) => id !== undefined), (matterId) => ({ matterId })],
    ['eventType', wrongTypes, (eventType) => ({ eventType })],
    ['entityType', wrongTypes, (entityType) => ({ entityType })],
    ['actor', [undefined, null, 'uid1'], (actor) => ({ actor })],
    ['actor.actorId', wrongIds, (actorId) => ({ actor: { ...user, actorId } })],
    [
      'actor.actorType',
      ['robot', '', undefined],
      (actorType) => ({ actor: { ...user, actorType } }),
    ],
    ['related', ['note:a', {}], (related) => ({ related })],
    [
      'related.1',
      ['a', 'a:', ':a', 'a:b:c', 'Note:a', 'note:a b', 7],
      (wrong) => ({
        related: ['note:a', wrong],
      }),
    ],
    ['occurredAt', ['2030-01-01', 0, new Date(Number.NaN)], (occurredAt) => ({ occurredAt })],
    ['notBefore', ['2030-01-01', 0, new Date(Number.NaN)], (notBefore) => ({ notBefore })],
    ['priority', ['high', '', 7], (priority) => ({ priority })],
    [
      'idempotencyKey',
      ['', 'x'.repeat(201), '\uD800', 7],
      (idempotencyKey) => ({ idempotencyKey }),
    ],
    ['stream', [7, 'any'], (stream) => ({ stream })],
    [
      'stream.expectedVersion',
      [-1, 1.5, Number.NaN, 2 ** 53, 'all', undefined],
      (version) => ({
        stream: { expectedVersion: version },
      }),
    ],
    [
      'stream.headPath',
      wrongHeadPaths,
      (headPath) => ({
        stream: { expectedVersion: 'any', headPath },
      }),
    ],
    ...metadataTexts.map(([name, longest]): Field => [
      `metadata.${name}`,
      ['', 'x'.repeat(longest + 1), 7, null],
      (text) => ({ metadata: { [name]: text } }),
    ]),
    ['metadata.custom', ['text', 7, []], (custom) => ({ metadata: { custom } })],
    ['metadata', [7], (metadata) => ({ metadata })],
    ['metadata.unknown', [{ unknown: 'field' }], (metadata) => ({ metadata })],
    ['aggregateId', [true], (aggregateId) => ({ aggregateId })],
  ];
  const table = fields.flatMap(([path, values, said]) =>
    values.map((value) => [path, value, said] as const),
  );
  test.each(table)('%s: %p', async (path, value, said) => {
    expect(await problemPaths(said(value))).toEqual([path]);
  });
});

describe('accepted:', () => {
  test.each([
    ...rightIds.map((id) => ({ orgId: id, entityId: id, matterId: id })),
    { actor: { actorType: 'system', actorId: 'outbox' } },
    { actor: { actorType: 'service', actorId: 'shop' } },
    { notBefore: new Date(0), priority: 'bulk' },
    { idempotencyKey: 'x' },
    { idempotencyKey: 'ü'.repeat(200) },
    { stream: { expectedVersion: 0 } },
    ...['matters/m1/comments/c1', 'matters/m1/inbox/i1', 'a/.b', 'a/b..', 'a/...'].map(
      (headPath) => ({ stream: { expectedVersion: 'any', headPath } }),
    ),
    ...metadataTexts.flatMap(([name, longest]) =>
      ['x', 'x'.repeat(longest)].map((text) => ({ metadata: { [name]: text } })),
    ),
    { occurredAt: new Date(0), metadata: { custom: { a: 1 } } },
    { matterId: undefined, related: undefined, stream: undefined, metadata: undefined },
  ])('%p', (said) => {
    expect(() => checkInput({ ...aNote(), ...said } as EventInput)).not.toThrow();
  });
});

test('an invalid date is called that', async () => {
  const act = (occurredAt: unknown) => () =>
    checkInput({ ...aNote(), occurredAt } as unknown as EventInput);
  const { problems } = await codedErrorOf(act(new Date(Number.NaN)));
  expect(problems).toEqual([{ path: 'occurredAt', message: 'invalid date' }]);
  expect((await codedErrorOf(act('2030-01-01'))).message).toContain('expected date');
});

test.each([undefined, null, 7, 'text', []])('no event at all is refused: %p', async (none) => {
  const act = () => checkInput(none as unknown as EventInput);
  expect(await codedErrorOf(act)).toMatchObject({
    code: 'invalid-event',
    problems: [{ path: '' }],
  });
});

test('a refusal names every problem at once', async () => {
  const act = () => checkInput(aNote({ orgId: '', entityId: 'a b', idempotencyKey: '' }));
  expect((await codedErrorOf(act)).code).toBe('invalid-event');
  expect(await pathsOf(act)).toEqual(['orgId', 'entityId', 'idempotencyKey']);
});

describe('related', () => {
  test('is the entity itself, its matter, then its parents, each once', () => {
    const input = aNote({ matterId: 'm1', related: ['order:o1', 'matter:m1', 'order:o1'] });
    expect(relatedOf(input)).toEqual(['note:note1', 'matter:m1', 'order:o1']);
    expect(relatedOf(aNote())).toEqual(['note:note1']);
  });

  test('takes 10 with the entity and its matter, not 11', async () => {
    const parents = (count: number) => Array.from({ length: count }, (_, n) => `order:o${n}`);
    const withParents = (count: number) => aNote({ matterId: 'm1', related: parents(count) });
    expect(() => checkInput(withParents(8))).not.toThrow();
    expect(await pathsOf(() => checkInput(withParents(9)))).toEqual(['related']);
    expect(() => checkInput(aNote({ related: parents(9) }))).not.toThrow();
  });
});
