import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { type Column, countColumn, formatTable } from '../output/table.ts';
import { formatDuration, formatTime } from '../output/text.ts';
import type { Start } from '../start.ts';
import { statusColumns } from './status-columns.ts';

type Answer = operations['listSubscriptions']['responses'][200]['content']['application/json'];
type Subscription = Answer['subscriptions'][number];

/** `outbox subscriptions` */
export function addSubscriptions(program: Command, start: Start): void {
  program
    .command('subscriptions')
    .description('Who reacts: how many jobs wait, how late, and what went wrong in the last hour.')
    .action(() => start(showSubscriptions));
}

async function showSubscriptions({ api, output }: Context): Promise<ExitCode> {
  const answer = await answerOf(api.GET('/v1/ops/subscriptions'));
  output.show(answer, () => formatTable(columnsOf(output), answer.subscriptions, output.width));
  return EXIT_CODES.ok;
}

function columnsOf(output: Output): readonly Column<Subscription>[] {
  return [
    { title: 'subscription', read: ({ id }) => id },
    {
      title: 'paused',
      read: ({ status, pausedFor }) => (status === 'paused' ? 'all' : pausedFor?.join(', ')),
      paint: (cell) => output.paint('yellow', cell),
      least: 8,
    },
    ...statusColumns<Subscription>(output),
    {
      title: 'due for',
      read: ({ dueForMs }) => (dueForMs === undefined ? undefined : formatDuration(dueForMs)),
    },
    countColumn<Subscription>('sent/h', ({ lastHour }) => lastHour.sent),
    countColumn<Subscription>('retried/h', ({ lastHour }) => lastHour.retried),
    countColumn<Subscription>('failed/h', ({ lastHour }) => lastHour.failed),
    countColumn<Subscription>('p95 ms', ({ lastHour }) => lastHour.latencyP95Ms),
    { title: 'last error', read: describeError, least: 16 },
  ];
}

/** Of the last hour; else that of the newest dead letter, which may be older. */
function describeError({ lastHour, newestDeadLetter }: Subscription): string {
  const error = lastHour.lastError ?? newestDeadLetter;
  if (error === undefined) return '';
  const why = error.code ?? newestDeadLetter?.reason;
  return [why, formatTime(error.at), error.jobId].filter(Boolean).join(' ');
}
