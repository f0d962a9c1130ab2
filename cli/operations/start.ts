import { answerOf } from '../api/answer.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { ask, hasToAsk, readReason, type ChangeOptions } from '../change.ts';
import { Failure } from '../failure.ts';
import { given } from '../given.ts';
import { describeCounts, showOperation } from './show.ts';
import type { Operation, StartBody } from './operation.ts';
import { waitForOperation, watchOperation } from './watch.ts';
import { clean, formatCount } from '../output/text.ts';

/** How every operation is started, whatever its kind. */
export interface StartOptions extends ChangeOptions {
  readonly dryRun?: boolean;
  readonly maxRows?: number;
  readonly maxOperations?: number;
  readonly rate?: number;
  /** `false` by `--no-watch`. */
  readonly watch: boolean;
}

/** What a kind of operation asks of whoever starts it. */
export interface Kind {
  readonly kind: string;
  /** What it does to rows, for the question; undefined where it changes nothing. */
  readonly asks?: string;
  /** Whether a dry run can count first. */
  readonly hasDryRun: boolean;
}

/** Starts an operation and watches it. What changes rows is agreed to first, on a TTY after a dry run that counts them. */
export async function startOperation(
  context: Context,
  { kind, asks, hasDryRun }: Kind,
  params: Readonly<Record<string, unknown>>,
  options: StartOptions,
): Promise<ExitCode> {
  const reason = await readReason(context.shell, options);
  const { maxRows, maxOperations, rate: rowsPerSecond, dryRun } = options;
  const terms = given({ maxRows, maxOperations, rowsPerSecond, dryRun });
  const body = { kind, params, reason, ...terms };
  if (asks !== undefined && dryRun !== true && hasToAsk(context, options)) {
    const dry = hasDryRun ? await countFirst(context, body) : undefined;
    if (dry?.seen === 0) return showOperation(dry, context);
    if (dry !== undefined) context.output.note(describeCount(dry));
    if (!(await ask(context, asks))) return EXIT_CODES.interrupted;
  }
  const operation = await start(context, body);
  const { output } = context;
  if (options.watch) {
    output.note(`Operation ${operation.id}`);
    return watchOperation(context, operation.id);
  }
  return showOperation(operation, context);
}

async function start({ api, shell }: Context, body: StartBody): Promise<Operation> {
  // A key of its own lets it be sent again when no answer came.
  const params = { header: { 'Idempotency-Key': shell.newKey() } };
  return answerOf(api.POST('/v1/ops/operations', { params, body }));
}

/** What it would do, for whoever decides. */
async function countFirst(context: Context, body: StartBody): Promise<Operation> {
  context.output.note('A dry run counts first.');
  const { id } = await start(context, { ...body, dryRun: true });
  const dry = await waitForOperation(context, id, (error) => [
    error.exitCode === EXIT_CODES.interrupted ? undefined : error.hint,
    `Nothing was changed. Only the count goes on; to end it: outbox operations cancel ${id}`,
  ]);
  if (dry.state !== 'done') {
    const why = dry.lastError === undefined ? '' : `: ${clean(dry.lastError.message)}`;
    throw new Failure(
      EXIT_CODES.wrong,
      `The dry run ${id} is ${dry.state}${why}`,
      'Nothing was changed.',
    );
  }
  return dry;
}

function describeCount({ done, seen, skipped }: Operation): string {
  const left = describeCounts(skipped);
  const rest = left === '' ? '' : ` (skipped: ${left})`;
  return `It would be ${formatCount(done)} of ${formatCount(seen)} rows${rest}.`;
}
