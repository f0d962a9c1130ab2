import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import { agree, readReason, type ChangeOptions } from '../change.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { given } from '../given.ts';
import type { Start } from '../start.ts';

interface PauseOptions extends ChangeOptions {
  readonly type?: string;
  readonly org?: string;
}

/** `outbox pause` and `outbox resume` */
export function addPauses(program: Command, start: Start): void {
  const pause = program
    .command('pause')
    .description('Hold back jobs of a type, of an organization, or both.');
  addTarget(pause).action((options: PauseOptions) =>
    start((context) => pauseJobs(context, options)),
  );
  const resume = program.command('resume').description('Let paused jobs go on.');
  addTarget(resume).action((options: PauseOptions) =>
    start((context) => resumeJobs(context, options)),
  );
}

function addTarget(command: Command): Command {
  return command
    .option('--type <jobType>', 'jobs of this type')
    .option('--org <orgId>', 'jobs of this organization')
    .option('--reason <text>', 'why, for the audit log')
    .option('--yes', 'do not ask');
}

async function pauseJobs(context: Context, options: PauseOptions): Promise<ExitCode> {
  const target = readTarget(options);
  const reason = await readReason(context.shell, options);
  const isAgreed = await agree(context, options, `Hold back ${describe(options)}?`);
  if (!isAgreed) return EXIT_CODES.interrupted;
  const body = { ...target, reason };
  const answer = await answerOf(context.api.POST('/v1/ops/controls/pauses', { body }));
  context.output.show(
    answer,
    () => `Held back: ${describe(options)}. It takes hold within ten seconds.`,
  );
  return EXIT_CODES.ok;
}

async function resumeJobs(context: Context, options: PauseOptions): Promise<ExitCode> {
  const target = readTarget(options);
  const reason = await readReason(context.shell, options);
  const isAgreed = await agree(context, options, `Let ${describe(options)} go on?`);
  if (!isAgreed) return EXIT_CODES.interrupted;
  const body = { ...target, reason };
  const answer = await answerOf(context.api.POST('/v1/ops/controls/resume', { body }));
  context.output.show(answer, () => `The next ticks make them due again: ${describe(options)}.`);
  return EXIT_CODES.ok;
}

function readTarget({ type, org }: PauseOptions) {
  if (type === undefined && org === undefined)
    throw usage('Say which jobs: --type, --org, or both.');
  return given({ jobType: type, orgId: org });
}

function describe({ type, org }: PauseOptions): string {
  const jobs = type === undefined ? 'all jobs' : `jobs of type ${type}`;
  return org === undefined ? jobs : `${jobs} of ${org}`;
}
