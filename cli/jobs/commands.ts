import { type Command, Option } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { components } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';
import { formatTable } from '../output/table.ts';
import { formatTime } from '../output/text.ts';
import { addPage, noteMore, type PageOptions } from '../page.ts';
import type { Start } from '../start.ts';
import { addFailureFilters, type FailureFilters } from './filters.ts';
import { JOB_STATUSES, jobColumns, type Job, type JobStatus } from './job.ts';
import { showJob } from './show-job.ts';

type Page = components['schemas']['OpsJobPage'];

interface JobsOptions extends PageOptions {
  readonly status?: JobStatus;
  readonly type?: string;
  readonly org?: string;
}

/** `outbox jobs`, `outbox job` and `outbox dead-letters` */
export function addJobs(program: Command, start: Start): void {
  addPage(program.command('jobs').description('Jobs by their ids.'))
    .addOption(new Option('--status <status>', 'only those').choices(JOB_STATUSES))
    .option('--type <jobType>', 'only jobs of this type')
    .option('--org <orgId>', 'only jobs of this organization')
    .action((options: JobsOptions) => start((context) => listJobs(context, options)));
  program
    .command('job <jobId>')
    .description('A job, its last runs, its event, and who is in front of it.')
    .action((jobId: string) => start((context) => showJob(context, jobId)));
  const deadLetters = program
    .command('dead-letters')
    .description('Jobs that failed for good, the newest failure first.');
  addPage(addFailureFilters(deadLetters)).action((options: FailureFilters & PageOptions) =>
    start((context) => listDeadLetters(context, options)),
  );
}

async function listJobs({ api, output }: Context, options: JobsOptions): Promise<ExitCode> {
  const { status, type, org, limit, cursor } = options;
  const query = given({ status, jobType: type, orgId: org, limit, cursor });
  const page = await answerOf(api.GET('/v1/ops/jobs', { params: { query } }));
  return showPage({ output }, page, 'No job.');
}

async function listDeadLetters(
  { api, output }: Context,
  options: FailureFilters & PageOptions,
): Promise<ExitCode> {
  const { type, org, failure, from, to, limit, cursor } = options;
  const query = given({ jobType: type, orgId: org, reason: failure, from, to, limit, cursor });
  const page = await answerOf(api.GET('/v1/ops/dead-letters', { params: { query } }));
  return showPage({ output }, page, 'No dead letter.');
}

function showPage({ output }: Pick<Context, 'output'>, page: Page, none: string): ExitCode {
  output.show(page, () => {
    if (page.jobs.length === 0) return none;
    const columns = [
      ...jobColumns<Job>(output),
      { title: 'paused by', read: ({ pausedBy }: Job) => pausedBy },
      { title: 'created', read: ({ createdAt }: Job) => formatTime(createdAt) },
    ];
    return formatTable(columns, page.jobs, output.width);
  });
  for (const { id, problem } of output.isJson ? [] : page.malformed) {
    output.note(`${id} is no job: ${problem}`);
  }
  noteMore(output, page.nextCursor);
  return EXIT_CODES.ok;
}
