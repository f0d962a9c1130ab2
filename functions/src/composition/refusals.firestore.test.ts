import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CodedError } from '#kernel';
import type { z } from 'zod';
import { codedErrorOf } from '../events/testing/failure.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { AllDocuments } from './testing/all-documents.ts';
import { changesBetween, readAllDocuments } from './testing/all-documents.ts';
import { call, firestore } from './testing/backend.ts';
import type { AnyCommand } from './testing/backend.ts';
import type { Refusal } from './testing/command-case.ts';
import { commandTable } from './testing/command-cases.ts';
import type { World } from './testing/world.ts';
import { aWorld } from './testing/world.ts';

let world: World;
let before: AllDocuments;

async function beginAnew(): Promise<void> {
  world = await aWorld();
  before = await readAllDocuments(firestore);
}

// Nothing here may change anything, so all of it happens in one world.
beforeAll(beginAnew);

/** The paths of what was written since `before`, or taken away. */
async function pathsTouched(): Promise<string[]> {
  const after = await readAllDocuments(firestore);
  const gone = [...before.keys()].filter((path) => !after.has(path));
  return [...changesBetween(before, after).keys(), ...gone];
}

/** The refusal of a call; fails if the call wrote anything all the same, and spares the tests after it. */
async function refusalOf(command: AnyCommand, by: string, data: unknown): Promise<CodedError> {
  let calling: ReturnType<typeof call> | undefined;
  const { writes, deletes } = await measure(firestore, async () => {
    calling = call(command, by, data);
    await calling.catch(() => 'refused');
  });
  if (writes + deletes > 0) await expectNothingTouched();
  return codedErrorOf(() => calling!);
}

/** Reading everything takes longer than a call: it is done once for many, and where one was billed for a write. */
async function expectNothingTouched(): Promise<void> {
  const touched = await pathsTouched();
  if (touched.length > 0) await beginAnew();
  expect(touched).toEqual([]);
}

function pathsIn({ problems }: CodedError): string[] {
  return [...new Set(problems.map(({ path }) => path))].toSorted();
}

/** The fields that a call cannot do without. */
function requiredOf({ input: { shape } }: AnyCommand): string[] {
  const fields = Object.entries(shape) as [string, z.ZodType][];
  return fields.flatMap(([name, type]) => (type.safeParse(undefined).success ? [] : [name]));
}

describe.each(commandTable)('%s is refused', (_, command, { by, input, refusals }) => {
  const table = refusals.map((refusal): [string, Refusal] => [refusal.why, refusal]);

  test.each(table)('%s', async (_why, { code, by: whom = by, said, paths }) => {
    const changed = Object.entries({ ...input(world), ...said?.(world) });
    const data = Object.fromEntries(changed.filter(([, value]) => value !== undefined));
    const error = await refusalOf(command, whom, data);
    const expected = paths === undefined ? pathsIn(error) : [...paths].toSorted();
    expect([error.code, pathsIn(error)]).toEqual([code, expected]);
  });

  test.each([
    ['nothing', null],
    ['no data', undefined],
    ['a text', 'x'],
    ['a list', [{}]],
    ['a number', 7],
  ])('with %s for its input', async (_what, data) => {
    expect((await refusalOf(command, by, data)).code).toBe('invalid-input');
  });

  test('with a field it does not know, which it names', async () => {
    const error = await refusalOf(command, by, { ...input(world), role2: 'admin' });
    expect([error.code, error.message]).toEqual([
      'invalid-input',
      expect.stringContaining('role2'),
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('with a field called %s', async (field) => {
    const text = JSON.stringify({ ...input(world), FIELD: { isAdmin: true } });
    const data: unknown = JSON.parse(text.replace('FIELD', field));
    expect((await refusalOf(command, by, data)).code).toBe('invalid-input');
  });

  test.each(['', 'k'.repeat(201), 7, null, 'k\uD800'])(
    'with the key %p',
    async (idempotencyKey) => {
      const error = await refusalOf(command, by, { ...input(world), idempotencyKey });
      expect([error.code, pathsIn(error)]).toEqual(['invalid-input', ['idempotencyKey']]);
    },
  );

  const fields = Object.keys(command.input.shape);

  test.each(fields)('with a map for %s', async (field) => {
    const error = await refusalOf(command, by, { ...input(world), [field]: { $ne: '' } });
    expect([error.code, pathsIn(error)]).toEqual(['invalid-input', [field]]);
  });

  test('with nothing in it, and is told all that it takes', async () => {
    const error = await refusalOf(command, by, {});
    const required = requiredOf(command);
    expect([error.code, pathsIn(error)]).toEqual(['invalid-input', required.toSorted()]);
  });

  test('and all that leaves every document as it was', expectNothingTouched);
});

const noIds = ['', 'a/b', '..', '__x__', 'a b', 'ü', 'a\uD800', 'x'.repeat(129), 7, null];
const badIds = commandTable.flatMap(([name, command, { by, input }]) =>
  Object.keys(command.input.shape)
    .filter((field) => field === 'uid' || field.endsWith('Id'))
    .flatMap((field) => noIds.map((id) => [name, field, id, { command, by, input }] as const)),
);

test.each(badIds)('%s is refused with %s %p, which is no id', async (_, field, id, called) => {
  const said = { ...called.input(world), [field]: id };
  const error = await refusalOf(called.command, called.by, said);
  expect([error.code, pathsIn(error)]).toEqual(['invalid-input', [field]]);
});

test('ids that are none leave every document as it was', expectNothingTouched);
