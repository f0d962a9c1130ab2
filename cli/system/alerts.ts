import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { formatTable } from '../output/table.ts';
import { formatCount, formatDuration, formatTime } from '../output/text.ts';
import type { Start } from '../start.ts';

export type Alerts =
  operations['listAlerts']['responses'][200]['content']['application/json']['alerts'];

/** `outbox alerts` */
export function addAlerts(program: Command, start: Start): void {
  program
    .command('alerts')
    .description('What is raised, since when, and over what each alert is.')
    .action(() => start(showAlerts));
}

async function showAlerts({ api, output }: Context): Promise<ExitCode> {
  const answer = await answerOf(api.GET('/v1/ops/alerts'));
  output.show(answer, () => describeAlerts(answer.alerts, output));
  return EXIT_CODES.ok;
}

/** Jobs; or a time, of which milliseconds matter where it is how long jobs take. */
function formatValue(alert: Alerts[number]['alert'], value: number): string {
  switch (alert) {
    case 'dead_letters':
    case 'pending':
      return formatCount(value);
    case 'oldest_due':
      return formatDuration(value);
    case 'latency_p95':
      return `${formatCount(value)} ms`;
  }
}

/** Those that are raised in red. */
export function describeAlerts(alerts: Alerts, output: Output): string {
  return formatTable<Alerts[number]>(
    [
      {
        title: 'alert',
        read: ({ alert }) => alert,
        paint: (cell, { raised }) => (raised === undefined ? cell : output.paint('red', cell)),
      },
      {
        title: 'is raised over',
        align: 'right',
        read: ({ alert, threshold }) => formatValue(alert, threshold),
      },
      {
        title: 'was',
        align: 'right',
        read: ({ alert, raised }) => raised && formatValue(alert, raised.value),
      },
      { title: 'raised since', read: ({ raised }) => formatTime(raised?.since) },
    ],
    alerts,
    output.width,
  );
}
