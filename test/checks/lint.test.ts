import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lintPlants } from './lint-plants.ts';
import { plantProject, type PlantedProject } from './planted-project.ts';

const readsClock = 'export const read = (): number => Date.now();\n';

/** Files that nothing may be said about. */
const innocent: Readonly<Record<string, string>> = {
  'functions/src/innocent/date-of.ts':
    'export const dateOf = (seconds: number): Date => new Date(seconds * 1000);\n',
  'functions/src/innocent/date-type.ts':
    'export const isDate = (value: unknown): value is Date => value instanceof Date;\n',
  'functions/src/innocent/own-now.ts':
    'export const read = (clock: { now: () => number }): number => clock.now();\n',
  'functions/src/kernel/system.ts': readsClock,
  'functions/src/innocent/clock.test.ts': readsClock,
  'tools/clock.ts': `console.log(Date.now());\n`,
};

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

const pathOf = (name: string): string => `functions/src/planted/${name}.ts`;
let project: PlantedProject;
let exitCode: number | null;
let diagnostics: readonly Diagnostic[];

beforeAll(async () => {
  const plants = lintPlants.map(({ name, text }) => [pathOf(name), text] as const);
  project = plantProject({ ...Object.fromEntries(plants), ...innocent });
  const result = await project.run('lint', '--format=json');
  exitCode = result.exitCode;
  diagnostics = (JSON.parse(result.output) as { diagnostics: Diagnostic[] }).diagnostics;
});

afterAll(() => project.remove());

function rulesFor(path: string): string[] {
  const rules = diagnostics.filter((one) => one.filename === path).map((one) => one.code);
  return [...new Set(rules)];
}

describe('lint', () => {
  test('fails', () => {
    expect(exitCode).not.toBe(0);
  });

  test.each(lintPlants)('tells $rule of $name', ({ name, rule }) => {
    expect(rulesFor(pathOf(name))).toContain(rule);
  });

  test.each(Object.keys(innocent))('says nothing about %s', (path) => {
    expect(rulesFor(path)).toEqual([]);
  });
});
