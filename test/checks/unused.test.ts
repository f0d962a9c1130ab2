import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plantProject, readProjectFile, type PlantedProject } from './planted-project.ts';

interface Named {
  readonly name: string;
}

/** One file's problems in knip's report, by kind. */
interface FileReport {
  readonly file: string;
  readonly [kind: string]: readonly Named[] | string;
}

function addDependency(path: string, kind: string, name: string): string {
  const manifest = JSON.parse(readProjectFile(path)) as Record<string, Record<string, string>>;
  return JSON.stringify({ ...manifest, [kind]: { ...manifest[kind], [name]: '1.0.0' } });
}

const files = {
  'functions/package.json': addDependency('functions/package.json', 'dependencies', 'left-over'),
  'functions/src/index.ts': "export { used } from './outbox/used.ts';\n",
  'functions/src/outbox/used.ts':
    "import 'not-listed';\nimport 'firebase-functions-test';\n\nexport const used = 1;\nexport const unused = 2;\nexport interface UnusedShape {\n  readonly id: string;\n}\n",
  'functions/src/outbox/unused-file.ts': 'export const nobody = 1;\n',
  'functions/src/outbox/only-tested.ts': 'export const tested = 1;\n',
  'functions/src/outbox/only-tested.test.ts':
    "import { tested } from './only-tested.ts';\n\nString(tested);\n",
};

describe('unused', () => {
  let project: PlantedProject;

  beforeAll(() => {
    project = plantProject(files);
  });

  afterAll(() => project.remove());

  async function report(script: string): Promise<(kind: string) => string[]> {
    const { exitCode, output } = await project.run(script, '--reporter=json', '--no-config-hints');
    expect(exitCode).not.toBe(0);
    const { issues } = JSON.parse(output) as { issues: FileReport[] };
    return (kind) =>
      issues
        .filter((issue) => issue.file.startsWith('functions/'))
        .flatMap((issue) => issue[kind] as readonly Named[])
        .map(({ name }) => name);
  }

  test('code, tests and tools: tells of files, exports, types and dependencies', async () => {
    const namesOf = await report('unused:everywhere');
    expect(namesOf('files')).toEqual(['functions/src/outbox/unused-file.ts']);
    expect(namesOf('exports')).toEqual(['unused']);
    expect(namesOf('types')).toEqual(['UnusedShape']);
    expect(namesOf('unlisted')).toEqual(['not-listed']);
    expect(namesOf('dependencies')).toContain('left-over');
  });

  test('the product alone: tells of what only tests use, and of their packages in it', async () => {
    const namesOf = await report('unused:product');
    expect(namesOf('files')).toContain('functions/src/outbox/only-tested.ts');
    expect(namesOf('unlisted')).toContain('firebase-functions-test');
  });
});
