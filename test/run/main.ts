import { runStep, type StepResult } from './run-step.ts';
import { chooseSteps } from './steps.ts';

// `npm test` runs every check and test, `npm test -- unit types` some of them. It goes on after a
// failure, and its last line is "N passed, N failed".

const summaryLine = /^(?:Test Suites|Tests):.*$/gm;

function printResult(name: string, isJest: boolean, result: StepResult): void {
  const verdict = result.failed === 0 ? 'ok  ' : 'FAIL';
  const seconds = `${(result.elapsedMs / 1000).toFixed(1)} s`;
  const problem = result.problem === undefined ? '' : `  (${result.problem})`;
  console.log(`${verdict} ${name.padEnd(10)} ${seconds.padStart(8)}${problem}`);
  if (result.failed > 0) console.log(`\n${result.output.trim()}\n`);
  else if (isJest) console.log(indent(result.output.match(summaryLine) ?? []));
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `     ${line}`).join('\n');
}

async function main(names: readonly string[]): Promise<void> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const step of chooseSteps(names)) {
    const result = await runStep(step);
    printResult(step.name, step.isJest, result);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
  }
  const skipped = total.skipped === 0 ? '' : `, ${String(total.skipped)} skipped`;
  console.log(`\n${String(total.passed)} passed, ${String(total.failed)} failed${skipped}`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
