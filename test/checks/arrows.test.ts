import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  allowed,
  innocent,
  mistakes,
  modules,
  nameArrow,
  others,
  plantArrows,
  plantMistakes,
  src,
} from './arrow-plants.ts';
import { plantProject, readProjectFile, type PlantedProject } from './planted-project.ts';

describe('arrows', () => {
  let project: PlantedProject;
  let exitCode: number | null;
  let problems: string[];

  beforeAll(async () => {
    project = plantProject({ ...plantArrows(), ...plantMistakes() });
    const result = await project.run('arrows');
    exitCode = result.exitCode;
    problems = result.output.split('\n');
  });

  afterAll(() => project.remove());

  /** The rules that tell of a file, or of a file's import. */
  const rulesFor = (arrow: string): string[] =>
    problems.filter((line) => line.includes(`: ${arrow}`)).map((line) => line.split(':')[0] ?? '');

  test('fails', () => {
    expect(exitCode).toBe(1);
  });

  test.each(modules)('lets %s import what the design lets it, and nothing else', (module) => {
    const refused = others(module).filter((other) =>
      rulesFor(`${nameArrow(module, other)} → ${src}/${other}/`).some((rule) =>
        rule.startsWith('arrows-of-'),
      ),
    );
    expect(refused).toEqual(
      others(module).filter((other) => !(allowed[module] ?? []).includes(other)),
    );
  });

  test.each(mistakes)('tells $rule of $from', ({ from, rule }) => {
    expect(rulesFor(`${from} →`)).toContain(rule);
  });

  test('tells no-cycles of two files that import each other', () => {
    // One line a cycle, from whichever file the tool met first.
    expect(problems.filter((line) => line.includes('/ring'))).toEqual([
      expect.stringMatching(/^no-cycles: .*ring.* → .*ring/),
    ]);
  });

  test('tells no-orphans of a file that is left over', () => {
    expect(rulesFor(`${src}/outbox/left-over.ts`)).toContain('no-orphans');
  });

  test.each(innocent)('lets $from import $imports', ({ from }) => {
    expect(rulesFor(`${from} →`)).toEqual([]);
  });
});

test('arrows: a file that the tool does not see is a failure', async () => {
  const settings = readProjectFile('.dependency-cruiser.ts');
  const blind = settings.replace(
    "exclude: { path: '^functions/lib/' }",
    "exclude: { path: 'src' }",
  );
  const project = plantProject({
    '.dependency-cruiser.ts': blind,
    'functions/src/outbox/index.ts': 'export {};\n',
  });
  const { exitCode, output } = await project.run('arrows');
  project.remove();
  expect(output).toContain('not-seen: functions/src/outbox/index.ts');
  expect(exitCode).toBe(1);
});
