// `npm run bench`: how long emitting and draining take beside the calls they cannot do without, and
// whether the budgets are met. How to read it: docs/how-to/measure.md.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { judgeOperations, measureOperations } from './cases/operations.ts';
import { measureAll } from './measure.ts';
import { parseOptions, USAGE, UsageError } from './options.ts';
import type { Options } from './options.ts';
import { FULL_OPERATIONS, FULL_PLAN, QUICK_OPERATIONS, QUICK_PLAN } from './plan.ts';
import { formatResults } from './report.ts';
import type { Machine, Results } from './results.ts';
import type { Stage } from './stage.ts';
import { openStage } from './stage.ts';
import { judgeAll } from './verdicts.ts';

const GIB = 2 ** 30;

async function run({ jsonPath, ...options }: Options): Promise<void> {
  const stage = await openStage();
  endOnSignal(stage.close);
  try {
    const results = await measure(stage, options);
    console.log(formatResults(results));
    if (jsonPath !== undefined) writeFileSync(jsonPath, `${JSON.stringify(results, null, 2)}\n`);
  } finally {
    await stage.close();
  }
}

async function measure(
  stage: Stage,
  options: Pick<Options, 'isQuick' | 'ofOperations'>,
): Promise<Results> {
  const beganMs = performance.now();
  const loadBefore = loadOfTheMinute();
  const seconds = (): number => (performance.now() - beganMs) / 1_000;
  const begin = (name: string): void =>
    console.error(`${seconds().toFixed(0).padStart(4)} s  ${name}`);
  const found = await (options.ofOperations ? overRows : besideRaw)(stage, options, begin);
  const machine: Machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: totalmem() / GIB,
    node: process.versions.node,
    loadBefore,
    loadAfter: loadOfTheMinute(),
    elapsedSeconds: seconds(),
  };
  return { machine, isQuick: options.isQuick, ...found };
}

type Found = Pick<Results, 'comparisons' | 'operations' | 'verdicts'>;
type Measuring = (
  stage: Stage,
  options: Pick<Options, 'isQuick'>,
  begin: (name: string) => void,
) => Promise<Found>;

const besideRaw: Measuring = async (stage, { isQuick }, begin) => {
  const plan = isQuick ? QUICK_PLAN : FULL_PLAN;
  const { comparisons, measured } = await measureAll(stage, plan, begin);
  return { comparisons, operations: [], verdicts: judgeAll(measured) };
};

const overRows: Measuring = async (stage, { isQuick }, begin) => {
  const plan = isQuick ? QUICK_OPERATIONS : FULL_OPERATIONS;
  const operations = await measureOperations(stage, plan, begin);
  return { comparisons: [], operations, verdicts: judgeOperations(operations) };
};

function loadOfTheMinute(): number {
  return loadavg()[0] ?? Number.NaN;
}

/** Set by Ctrl-C: what fails from then on fails because of it. */
let isEnding = false;

function endOnSignal(close: () => Promise<void>): void {
  const end = (exitCode: number): void => {
    isEnding = true;
    close().then(
      () => process.exit(exitCode),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', () => end(130));
  process.once('SIGTERM', () => end(143));
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.wantsHelp) console.log(USAGE);
  else await run(options);
} catch (error) {
  if (!isEnding) console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
