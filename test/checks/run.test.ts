import { expect, test } from '@jest/globals';
import { runScript } from '../run/run-script.ts';
import { plantProject, readProjectFile } from './planted-project.ts';

const nodeScript = (code: string): string => `node -e "${code}" --`;

/** Stands in for Jest: hands out the planted report, if there is one. */
const standIn = `
import { copyFileSync, existsSync } from 'node:fs';

const report = process.argv.find((one) => one.startsWith('--outputFile=')).slice(13);
if (existsSync('report.json')) copyFileSync('report.json', report);
process.exitCode = Number(process.argv[2]);
`;

function writeReport(passed: number, failed: number, brokenFiles = 0, skipped = 0): string {
  return JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: brokenFiles,
  });
}

async function runWith(
  { report, ...scripts }: Readonly<Record<string, string>>,
  ...names: string[]
): Promise<{ exitCode: number | null; lines: string[] }> {
  const manifest = JSON.parse(readProjectFile('package.json')) as { scripts: object };
  const planted = { ...manifest, scripts: { ...manifest.scripts, pretest: '', ...scripts } };
  const project = plantProject({
    'package.json': JSON.stringify(planted),
    'stand-in.mjs': standIn,
    ...(report === undefined ? {} : { 'report.json': report }),
  });
  const { exitCode, output } = await project.run('test', ...names);
  project.remove();
  return { exitCode, lines: output.trimEnd().split('\n') };
}

const jestEnding = (exitCode: number): string => `node stand-in.mjs ${String(exitCode)}`;

test('all is well: the closing line counts tests and checks, the exit code is 0', async () => {
  const { exitCode, lines } = await runWith(
    { types: nodeScript('1'), 'test:unit': jestEnding(0), report: writeReport(7, 0) },
    'unit',
    'types',
  );
  expect(lines.at(-1)).toBe('8 passed, 0 failed');
  expect(exitCode).toBe(0);
});

test('it goes on after a failure, and shows the output of what failed only', async () => {
  const { exitCode, lines } = await runWith(
    {
      types: nodeScript("console.log('types broke'); process.exitCode = 2"),
      lint: nodeScript("console.log('lint is well')"),
      'test:unit': jestEnding(1),
      report: writeReport(3, 1),
    },
    'lint',
    'types',
    'unit',
  );
  expect(lines).toContain('types broke');
  expect(lines).not.toContain('lint is well');
  expect(lines.at(-1)).toBe('4 passed, 2 failed');
  expect(exitCode).toBe(1);
});

test.each([
  ['ran no test', writeReport(0, 0), 0, '0 passed, 1 failed'],
  ['only skipped tests', writeReport(0, 0, 0, 2), 0, '0 passed, 1 failed, 2 skipped'],
  ['could not load a file', writeReport(5, 0, 1), 1, '5 passed, 1 failed'],
  ['failed outside its tests', writeReport(5, 0), 1, '5 passed, 1 failed'],
  ['died without a report', undefined, 137, '0 passed, 1 failed'],
])('a test step that %s has failed', async (_, report, jestExitCode, closingLine) => {
  const scripts = { 'test:unit': jestEnding(jestExitCode) };
  const planted = report === undefined ? scripts : { ...scripts, report };
  const { exitCode, lines } = await runWith(planted, 'unit');
  expect(lines.at(-1)).toBe(closingLine);
  expect(exitCode).toBe(1);
});

test('an unknown step is an error that names the known ones', async () => {
  const { exitCode, lines } = await runWith({}, 'unity');
  expect(lines.join('\n')).toMatch(/no step "unity".*unit, checks/);
  expect(exitCode).toBe(2);
});

test('a script that never ends is ended, with all that it started', async () => {
  const spin = nodeScript('for (;;);');
  const manifest = { scripts: { outer: 'npm run --silent inner', inner: spin } };
  const project = plantProject({ 'package.json': JSON.stringify(manifest) });
  // It returns once nobody holds the output any more, not even the innermost process.
  const run = await runScript('outer', [], { cwd: project.folder, timeoutMs: 1_500 });
  project.remove();
  expect(run.exitCode).not.toBe(0);
});
