import { describe, expect, test } from '@jest/globals';
import type { DocumentWrite } from './documents.ts';
import { DELETE_FIELD, SERVER_TIME } from './documents.ts';
import { WriteBuffer } from './write-buffer.ts';

type BufferedWrite = Exclude<DocumentWrite, { kind: 'delete' }>;

function write(kind: BufferedWrite['kind'], data: Record<string, unknown>): BufferedWrite {
  return { kind, path: 'matters/m1', data };
}

function fold(...writes: readonly DocumentWrite[]): readonly DocumentWrite[] {
  const buffer = new WriteBuffer();
  for (const each of writes) buffer.add(each);
  return buffer.all();
}

describe('writes to one path become one', () => {
  test.each([
    ['create', 'update', 'create'],
    ['create', 'merge', 'create'],
    ['update', 'merge', 'update'],
    ['update', 'update', 'update'],
    ['merge', 'update', 'merge'],
    ['merge', 'merge', 'merge'],
    ['merge', 'create', 'create'],
  ] as const)('%s, then %s, is a %s of all fields', (first, then, kind) => {
    const folded = fold(write(first, { a: 1, b: 1 }), write(then, { b: 2, c: 2 }));
    expect(folded).toEqual([write(kind, { a: 1, b: 2, c: 2 })]);
  });

  test('other paths keep their own writes, in the order they first came', () => {
    const other: BufferedWrite = { kind: 'create', path: 'streams/s1', data: {} };
    const folded = fold(write('update', { a: 1 }), other, write('update', { b: 2 }));
    expect(folded.map(({ path }) => path)).toEqual(['matters/m1', 'streams/s1']);
  });

  test.each(['create', 'update'] as const)('a create after a %s is a mistake', (first) => {
    expect(() => fold(write(first, {}), write('create', {}))).toThrow(
      'matters/m1 is created after',
    );
  });

  test('a deletion stays one, and is not of a document that is written, too', () => {
    const deletion = { kind: 'delete', path: 'matters/m1' } as const;
    expect(fold(deletion)).toEqual([deletion]);
    const why = 'matters/m1 is both written and deleted';
    expect(() => fold(write('update', {}), deletion)).toThrow(why);
    expect(() => fold(deletion, write('create', {}))).toThrow(why);
  });

  test('a field taken out of a document that is being created is simply not in it', () => {
    const folded = fold(write('create', { a: 1, b: 1 }), write('update', { b: DELETE_FIELD }));
    expect(folded).toEqual([write('create', { a: 1 })]);
  });

  test('a field taken out of a stored document stays a deletion', () => {
    const folded = fold(write('update', { a: 1 }), write('update', { a: DELETE_FIELD }));
    expect(folded).toEqual([write('update', { a: DELETE_FIELD })]);
  });
});

describe('a reader sees the stored document with the writes on it', () => {
  function overlay(stored: Record<string, unknown> | undefined, ...writes: DocumentWrite[]) {
    const buffer = new WriteBuffer();
    for (const each of writes) buffer.add(each);
    return buffer.overlay('matters/m1', stored);
  }

  test('nothing written: as it is, or not there', () => {
    expect(overlay({ a: 1 })).toEqual({ a: 1 });
    expect(overlay(undefined)).toBeUndefined();
  });

  test('created: what was created, and nothing of an older document', () => {
    expect(overlay({ old: true }, write('create', { a: 1 }))).toEqual({ a: 1 });
  });

  test('set: what was set, and nothing of an older document', () => {
    expect(overlay({ old: true }, write('set', { a: 1 }))).toEqual({ a: 1 });
  });

  test('updated or merged: the old fields, those written, and not those taken out', () => {
    const changes = { b: 2, c: DELETE_FIELD };
    expect(overlay({ a: 1, b: 1, c: 1 }, write('update', changes))).toEqual({ a: 1, b: 2 });
    expect(overlay({ a: 1, b: 1, c: 1 }, write('merge', changes))).toEqual({ a: 1, b: 2 });
    expect(overlay(undefined, write('merge', { a: SERVER_TIME }))).toEqual({ a: SERVER_TIME });
  });

  test('deleted: nothing', () => {
    expect(overlay({ a: 1 }, { kind: 'delete', path: 'matters/m1' })).toBeUndefined();
  });

  test('a set after other writes leaves nothing of them', () => {
    expect(fold(write('update', { a: 1 }), write('set', { b: 2 }))).toEqual([
      write('set', { b: 2 }),
    ]);
    expect(fold(write('create', { a: 1 }), write('set', { b: 2 }))).toEqual([
      write('create', { b: 2 }),
    ]);
  });
});

test.each<[string, DocumentWrite]>([
  ['in part', write('update-leaves', { stream: { archivedThrough: 1 } })],
  [
    'on a condition',
    { ...write('update', { a: 1 }), unchangedSince: { seconds: 1, nanoseconds: 0 } },
  ],
])('a write %s stands alone: nothing is folded into it, and nothing read of it', (_, alone) => {
  expect(fold(alone)).toEqual([alone]);
  expect(() => fold(alone, write('update', { b: 2 }))).toThrow('matters/m1 is written on');
  expect(() => fold(write('update', { b: 2 }), alone)).toThrow('matters/m1 is written on');
  const buffer = new WriteBuffer();
  buffer.add(alone);
  expect(() => buffer.overlay('matters/m1', { a: 0 })).toThrow('matters/m1 is written on');
});
