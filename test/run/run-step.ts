import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './run-script.ts';
import type { Step } from './steps.ts';

export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why it failed where its output alone does not say so. */
  readonly problem?: string;
  readonly output: string;
  readonly elapsedMs: number;
}

type Counts = Pick<StepResult, 'passed' | 'failed' | 'skipped' | 'problem'>;

/** What we read of Jest's `--json` report. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const root = join(import.meta.dirname, '..', '..');
const reportFolder = join(root, '.local', 'test-reports');
/** Far above what any step needs: a hanging one must not cost the whole run its report. */
const stepTimeoutMs = 60 * 60_000;

export async function runStep(step: Step): Promise<StepResult> {
  const startedAtMs = performance.now();
  const report = join(reportFolder, `${step.name}.json`);
  mkdirSync(reportFolder, { recursive: true });
  rmSync(report, { force: true });
  const { exitCode, output } = await runScript(
    step.script,
    step.isJest ? ['--json', `--outputFile=${report}`] : [],
    { cwd: root, timeoutMs: stepTimeoutMs },
  );
  const counts = step.isJest ? countTests(report, exitCode) : countCheck(exitCode);
  return { ...counts, output, elapsedMs: performance.now() - startedAtMs };
}

function countCheck(exitCode: number | null): Counts {
  return exitCode === 0
    ? { passed: 1, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0, problem: describeEnd(exitCode) };
}

function countTests(report: string, exitCode: number | null): Counts {
  if (!existsSync(report)) {
    return { passed: 0, failed: 1, skipped: 0, problem: `no report, ${describeEnd(exitCode)}` };
  }
  const jest = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  const passed = jest.numPassedTests;
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  const skipped = jest.numPendingTests + jest.numTodoTests;
  if (failed === 0 && passed === 0) return { passed, failed: 1, skipped, problem: 'ran no test' };
  if (failed === 0 && exitCode !== 0) {
    return { passed, failed: 1, skipped, problem: describeEnd(exitCode) };
  }
  return { passed, failed, skipped };
}

function describeEnd(exitCode: number | null): string {
  return exitCode === null ? 'stopped before its end' : `exit code ${String(exitCode)}`;
}
