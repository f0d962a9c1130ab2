import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';
import { addFailureFilters, type FailureFilters } from '../jobs/filters.ts';
import { redriveOne, cancelOne } from '../jobs/change-one.ts';
import type { Start } from '../start.ts';
import { usage } from '../failure.ts';
import { startOperation, type Kind, type StartOptions } from './start.ts';
import { addStart } from './start-commands.ts';

interface DeadLetterOptions extends StartOptions, FailureFilters {
  readonly all?: boolean;
  readonly regainPlace?: boolean;
}

const REDRIVE: Kind = { kind: 'redrive', asks: 'Send them round again?', hasDryRun: true };
const CANCEL: Kind = { kind: 'cancel', asks: 'Take them out for good?', hasDryRun: true };

/** `outbox redrive` and `outbox cancel`: one job by its id, or dead letters by what they have in common. */
export function addDeadLetterKinds(program: Command, start: Start): void {
  const redrive = program
    .command('redrive [jobId]')
    .description('Send a closed job, or many dead letters, round again.');
  addStart(addFailureFilters(redrive), REDRIVE)
    .option('--all', 'every dead letter that there is')
    .option('--regain-place', 'of one job: before those that still wait in its line')
    .action((jobId: string | undefined, options: DeadLetterOptions) =>
      start((context) =>
        jobId === undefined
          ? startForDeadLetters(context, REDRIVE, options)
          : redriveOne(context, jobId, namedAlone(options)),
      ),
    );
  const cancel = program
    .command('cancel [jobId]')
    .description('Take a waiting job, or many dead letters, out for good.');
  addStart(addFailureFilters(cancel), CANCEL)
    .option('--all', 'every dead letter that there is')
    .action((jobId: string | undefined, options: DeadLetterOptions) =>
      start((context) =>
        jobId === undefined
          ? startForDeadLetters(context, CANCEL, options)
          : cancelOne(context, jobId, namedAlone(options)),
      ),
    );
}

function startForDeadLetters(
  context: Context,
  kind: Kind,
  options: DeadLetterOptions,
): Promise<ExitCode> {
  if (options.regainPlace === true) throw usage('--regain-place is for one job: name it.');
  const params = { ...filtersOf(options), ...given({ all: options.all }) };
  if (Object.keys(params).length === 0) {
    throw usage('Say which: --type, --org, --failure, --from, --to, a job’s id, or --all.');
  }
  return startOperation(context, kind, params, options);
}

function filtersOf({ type, org, failure, from, to }: FailureFilters) {
  return given({ jobType: type, orgId: org, reason: failure, from, to });
}

/** One job is named by its id and by nothing else: a filter beside it would be ignored. */
function namedAlone(options: DeadLetterOptions): DeadLetterOptions {
  const { all, dryRun, maxRows, maxOperations, rate } = options;
  const terms = given({ all, dryRun, maxRows, maxOperations, rate });
  const others = { ...filtersOf(options), ...terms };
  if (Object.keys(others).length === 0) return options;
  throw usage(
    'A job’s id names one job: leave the filters, --all, --dry-run, --rate and the ceilings out.',
  );
}
