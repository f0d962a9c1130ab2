import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { formatTable } from '../output/table.ts';
import { formatCount, formatTime } from '../output/text.ts';
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

/** Those that are raised in red. */
export function describeAlerts(alerts: Alerts, output: Output): string {
  return formatTable<Alerts[number]>(
    [
      {
        title: 'alert',
        read: ({ alert }) => alert,
        paint: (cell, { raised }) => (raised === undefined ? cell : output.paint('red', cell)),
      },
      { title: 'is raised over', align: 'right', read: ({ threshold }) => formatCount(threshold) },
      {
        title: 'was',
        align: 'right',
        read: ({ raised }) => raised && formatCount(raised.value),
      },
      { title: 'raised since', read: ({ raised }) => formatTime(raised?.since) },
    ],
    alerts,
    output.width,
  );
}
