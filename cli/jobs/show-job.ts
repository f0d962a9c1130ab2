import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { formatFields, formatTable } from '../output/table.ts';
import { formatTime } from '../output/text.ts';

type JobDetail = operations['getJob']['responses'][200]['content']['application/json'];

/** `outbox job` */
export async function showJob({ api, output }: Context, jobId: string): Promise<ExitCode> {
  const params = { path: { jobId } };
  const detail = await answerOf(api.GET('/v1/ops/jobs/{jobId}', { params }));
  output.show(detail, () => describeJob(detail, output));
  return EXIT_CODES.ok;
}

function describeJob({ job, runs, line, event }: JobDetail, output: Output): string {
  const { failure, lastError } = job;
  const fields = formatFields([
    ['id', job.id],
    ['type', job.jobType],
    ['organization', job.orgId],
    [
      'status',
      job.pausedBy === undefined ? job.status : `${job.status}, paused by ${job.pausedBy}`,
    ],
    ['failed', failure && `${failure.reason}, ${formatTime(failure.at)}`],
    ['last error', lastError && `${lastError.code}: ${lastError.message}`],
    ['attempts', `${job.attempts} of ${job.maxAttempts}`],
    ['runs', `${job.runs}, crashes ${job.crashes}, redrives ${job.redrives}`],
    ['due', formatTime(job.nextAttemptAt)],
    ['sent', formatTime(job.sentAt)],
    ['created', formatTime(job.createdAt)],
    ['recipient', job.recipientUid],
    ['correlation', job.correlationId],
    ['event', event ? `${event.eventType} ${event.eventId}` : job.eventId],
    ['line', line && `${line.orderingKey}, number ${line.sequence}`],
    ['waits for', line?.inFront && `${line.inFront.id} (${line.inFront.status})`],
    ['blocks its line', job.blocking === true ? 'yes' : undefined],
  ]);
  if (runs.length === 0) return fields;
  const table = formatTable<JobDetail['runs'][number]>(
    [
      { title: 'run', read: ({ runId }) => runId },
      { title: 'by', read: ({ by }) => by },
      { title: 'attempt', align: 'right', read: ({ attempt }) => attempt },
      { title: 'started', read: ({ startedAt }) => formatTime(startedAt) },
      { title: 'ended', read: ({ endedAt }) => formatTime(endedAt) },
      {
        title: 'outcome',
        read: ({ outcome, code }) => (code === undefined ? outcome : `${outcome} (${code})`),
      },
    ],
    runs,
    output.width,
  );
  return `${fields}\n\n${table}`;
}
