import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { listDocumented } from './documented.ts';
import { plantProject } from './planted-project.ts';

const root = join(import.meta.dirname, '..', '..');
const outbox = 'functions/src/outbox';
const doors = ['index.ts', 'firestore/index.ts', 'memory/index.ts', 'testing/index.ts'].map(
  (door) => `${outbox}/${door}`,
);

describe('the doors of the engine', () => {
  const all = listDocumented(root, doors);
  const exported = all.filter(({ name }) => !/: .*\./.test(name));

  test('are seen by this check, each with what it exports and its members', () => {
    for (const door of doors) expect(all.some(({ name }) => name.startsWith(door))).toBe(true);
    expect(exported.length).toBeGreaterThan(60);
    expect(all.length - exported.length).toBeGreaterThan(150);
  });

  test('export nothing without saying what it is, at its declaration', () => {
    const silent = exported.filter(({ hasComment }) => !hasComment).map(({ name }) => name);
    expect(silent).toEqual([]);
  });

  test('hand out no number without its unit or what it counts: by its name or by a comment', () => {
    const numbers = all.filter(({ isNumber }) => isNumber);
    const bare = numbers.filter(({ name, hasComment }) => !hasComment && !/(Ms|Bytes)$/.test(name));
    expect(numbers.length).toBeGreaterThan(25);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

test('a name without a comment, and a number without a unit, are told', () => {
  const source = [
    '/** Says what it is. */\nexport interface Good { readonly delayMs: number; readonly other: string }\n',
    'export interface Silent { readonly size: number }\n',
    'export const quiet = 1;\n',
  ].join('\n');
  const project = plantProject({
    [`${outbox}/model/things.ts`]: source,
    [`${outbox}/index.ts`]:
      "export type { Good, Silent } from './model/things.ts';\nexport { quiet } from './model/things.ts';\n",
  });
  const found = listDocumented(project.folder, [`${outbox}/index.ts`]);
  project.remove();
  const told = found.map(({ name, hasComment, isNumber }) => [
    name.split(': ')[1],
    hasComment,
    isNumber,
  ]);
  expect(told).toEqual([
    ['Good', true, false],
    ['Good.delayMs', false, true],
    ['Good.other', false, false],
    ['Silent', false, false],
    ['Silent.size', false, true],
    ['quiet', false, false],
  ]);
});

describe('the door for tests of handlers', () => {
  const load = (door: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', `await import('${door}')`], {
      cwd: join(root, 'functions'),
      encoding: 'utf8',
    });

  test('needs no test framework', () => {
    const { status, stderr } = load('#outbox/memory');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('is where it is said to be: the one for contract suites does need one', () => {
    const { status, stderr } = load('#outbox/testing');
    expect(status).not.toBe(0);
    expect(stderr).toContain('@jest/globals');
  });
});
