import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';
import type { Output } from '../output/output.ts';
import { type Column, countColumn, formatTable } from '../output/table.ts';
import { formatTime } from '../output/text.ts';
import { readCount } from '../page.ts';
import type { Start } from '../start.ts';

type Metrics = operations['getMetrics']['responses'][200]['content']['application/json'];
type Row = Metrics['total'] & { readonly name: string };
type Run = Metrics['failed'][number];

/** `outbox metrics` */
export function addMetrics(program: Command, start: Start): void {
  program
    .command('metrics')
    .description('What was run lately, how well and how fast: by sink, job type and event type.')
    .option('--minutes <n>', 'of so many, at most 1440; 60 unless said', readCount)
    .action(({ minutes }: { readonly minutes?: number }) =>
      start((context) => showMetrics(context, minutes)),
    );
}

async function showMetrics(
  { api, output }: Context,
  minutes: number | undefined,
): Promise<ExitCode> {
  const query = given({ minutes });
  const metrics = await answerOf(api.GET('/v1/ops/metrics', { params: { query } }));
  output.show(metrics, () => describeMetrics(metrics, output));
  if (metrics.truncated && !output.isJson) output.note('There was too much: it begins later.');
  return EXIT_CODES.ok;
}

function describeMetrics(metrics: Metrics, output: Output): string {
  const { from, to, total, sinks, jobTypes, eventTypes, failed, slow } = metrics;
  const rates = (title: string, rows: readonly Row[]): string =>
    rows.length === 0 ? '' : formatTable(rateColumns(title), rows, output.width);
  const runs = (title: string, rows: readonly Run[]): string =>
    rows.length === 0 ? '' : formatTable(runColumns(title), rows, output.width);
  return [
    `From ${formatTime(from)} to ${formatTime(to)}; times in ms.`,
    rates('sink', [...sinks, { ...total, name: 'in all' }]),
    rates('job type', jobTypes),
    rates('event type', eventTypes),
    runs('failed', failed),
    runs('slow', slow),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function rateColumns(title: string): readonly Column<Row>[] {
  return [
    { title, read: ({ name }) => name },
    countColumn('runs', ({ runs }) => runs),
    countColumn('retried', ({ retried }) => retried),
    countColumn('failed', ({ failed }) => failed),
    countColumn('p50', ({ latency }) => latency?.p50Ms),
    countColumn('p95', ({ latency }) => latency?.p95Ms),
    countColumn('p99', ({ latency }) => latency?.p99Ms),
    countColumn('dispatch p95', ({ dispatch }) => dispatch?.p95Ms),
    countColumn('run p95', ({ run }) => run?.p95Ms),
  ];
}

function runColumns(title: string): readonly Column<Run>[] {
  return [
    { title, read: ({ jobId }) => jobId },
    { title: 'ended', read: ({ endedAt }) => formatTime(endedAt) },
    countColumn('latency', ({ latencyMs }) => latencyMs),
    { title: 'end', read: ({ end }) => end },
    { title: 'why', read: ({ reason, code }) => [reason, code].filter(Boolean).join(', ') },
  ];
}
