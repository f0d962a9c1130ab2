import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plantProject, type PlantedProject } from './planted-project.ts';

/** The compiler's error numbers for mistakes that one of our options must find. */
const plants: readonly (readonly [name: string, code: string, text: string])[] = [
  ['wrong-type', 'TS2322', "export const count: number = 'one';\n"],
  [
    'unchecked-index',
    'TS2322',
    'export const first = (rows: string[]): string => {\n  return rows[0];\n};\n',
  ],
  [
    'undefined-for-missing',
    'TS2375',
    'export const row: { name?: string } = { name: undefined };\n',
  ],
  [
    'silent-override',
    'TS4114',
    'class Base {\n  act(): void {}\n}\n\nexport class Own extends Base {\n  act(): void {}\n}\n',
  ],
  [
    'missing-return',
    'TS7030',
    'export function act(yes: boolean): unknown {\n  if (yes) return 1;\n}\n',
  ],
  [
    'dotted-index',
    'TS4111',
    'export const read = (row: Record<string, string>): unknown => row.name;\n',
  ],
  [
    'fallthrough',
    'TS7029',
    'export function act(n: number): number {\n  switch (n) {\n    case 1:\n      n += 1;\n    case 2:\n      n += 2;\n  }\n  return n;\n}\n',
  ],
  [
    'value-import-of-type',
    'TS1484',
    "import { PathLike } from 'node:fs';\n\nexport type P = PathLike;\n",
  ],
  ['enumeration', 'TS1294', 'export enum Status {\n  Sent,\n}\n'],
  ['unused-local', 'TS6133', 'const left = 1;\nexport {};\n'],
];

describe('types', () => {
  let project: PlantedProject;
  let exitCode: number | null;
  let lines: string[];

  beforeAll(async () => {
    const files = plants.map(([name, , text]) => [`functions/src/${name}.ts`, text]);
    project = plantProject(Object.fromEntries(files) as Record<string, string>);
    const result = await project.run('types');
    exitCode = result.exitCode;
    lines = result.output.split('\n');
  });

  afterAll(() => project.remove());

  test('fail', () => {
    expect(exitCode).not.toBe(0);
  });

  test.each(plants)('tell of %s by %s', (name, code, _text) => {
    expect(lines.filter((line) => line.includes(`src/${name}.ts`)).join('\n')).toContain(code);
  });
});

test('types of tools and tests are checked too', async () => {
  const wrong = "export const count: number = 'one';\n";
  const project = plantProject({ 'test/system/wrong.ts': wrong });
  const { exitCode, output } = await project.run('types');
  project.remove();
  expect(output).toMatch(/test\/system\/wrong\.ts\(1,14\): error TS2322/);
  expect(exitCode).not.toBe(0);
});
