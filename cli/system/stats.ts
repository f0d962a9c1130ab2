import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import { given } from '../given.ts';
import type { Output } from '../output/output.ts';
import { formatFields, formatTable } from '../output/table.ts';
import { formatCount, formatDuration, formatTime } from '../output/text.ts';
import { addPage, type PageOptions } from '../page.ts';
import type { Start } from '../start.ts';
import { type Alerts, describeAlerts } from './alerts.ts';
import { showStatsByOrg } from './stats-by-org.ts';
import { statusColumns } from './status-columns.ts';

type Health = operations['getHealth']['responses'][200]['content']['application/json'];
type Stats = operations['getStats']['responses'][200]['content']['application/json'];
type Pause = Health['pauses'][number];

interface StatsOptions extends PageOptions {
  readonly org?: string;
  readonly byOrg?: true;
}

/** `outbox stats` */
export function addStats(program: Command, start: Start): void {
  const stats = program
    .command('stats')
    .description(
      'What is raised, whether jobs run in time, how many wait and failed, and what is paused.',
    )
    .option('--org <orgId>', 'count only jobs of this organization')
    .option('--by-org', 'only how many wait and failed of each organization, a page at a time');
  addPage(stats).action((options: StatsOptions) =>
    start((context) => showWhichStats(context, options)),
  );
}

function showWhichStats(
  context: Context,
  { org, byOrg, ...page }: StatsOptions,
): Promise<ExitCode> {
  if (byOrg === true) {
    if (org !== undefined) throw usage('--org is one organization, --by-org all: say one of them.');
    return showStatsByOrg(context, page);
  }
  if (Object.keys(page).length > 0) throw usage('--limit and --cursor are for --by-org.');
  return showStats(context, org);
}

async function showStats({ api, output }: Context, orgId: string | undefined): Promise<ExitCode> {
  const query = given({ orgId });
  const [health, stats, { alerts }] = await Promise.all([
    answerOf(api.GET('/v1/ops/health')),
    answerOf(api.GET('/v1/ops/stats', { params: { query } })),
    answerOf(api.GET('/v1/ops/alerts')),
  ]);
  output.show({ health, stats, alerts }, () =>
    [
      describeRaised(alerts, output),
      describeHealth(health, stats, output),
      describeCounts(stats, output),
      describePauses(health, output),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return EXIT_CODES.ok;
}

function describeHealth(
  { checkedAt, late, lastTick, oldestDue, deadLetters }: Health,
  stats: Stats,
  output: Output,
): string {
  const oldest =
    oldestDue &&
    `${oldestDue.jobId}, due for ${formatDuration(oldestDue.ageMs)}${late ? ': LATE, two ticks have come since' : ''}`;
  const fields = formatFields([
    ['checked', formatTime(checkedAt)],
    ['last tick', describeTick(lastTick)],
    ['oldest due', oldest ?? 'none'],
    ['dead letters', formatCount(deadLetters)],
    ['blocked lines', formatCount(stats.blockedLines)],
    ['open by slot', describeSlots(stats)],
  ]);
  return late || lastTick.late ? output.paint('red', fields) : fields;
}

function describeRaised(alerts: Alerts, output: Output): string {
  const raised = alerts.filter((alert) => alert.raised !== undefined);
  return raised.length === 0 ? '' : describeAlerts(raised, output);
}

/** Only those that have any: `0: 12, 1000: 3`. */
function describeSlots({ slots = [] }: Stats): string | undefined {
  const busy = slots.filter(({ open }) => open > 0);
  if (busy.length === 0) return undefined;
  return busy.map(({ slot, open }) => `${slot}: ${formatCount(open)}`).join(', ');
}

function describeTick({ endedAt, late }: Health['lastTick']): string {
  const when = endedAt === undefined ? 'none' : formatTime(endedAt);
  return late ? `${when}: LATE` : when;
}

function describeCounts({ types, others, total, sent }: Stats, output: Output): string {
  type Row = Stats['types'][number] & { readonly sent?: number };
  const rows: readonly Row[] = [
    ...types.map((row) => ({ ...row, ...given({ sent: sent?.types[row.jobType] }) })),
    ...(others.pending + others.processing + others.failed > 0
      ? [{ jobType: '(no subscription)', ...others }]
      : []),
    { jobType: 'in all', ...total, ...given({ sent: sent?.total }) },
  ];
  return formatTable<Row>(
    [
      { title: 'job type', read: ({ jobType }) => jobType },
      ...statusColumns<Row>(output),
      {
        title: sent === undefined ? 'sent' : `sent since ${formatTime(sent.since)}`,
        align: 'right',
        read: (row) => (row.sent === undefined ? undefined : formatCount(row.sent)),
      },
    ],
    rows,
    output.width,
  );
}

function describePauses({ pauses }: Health, output: Output): string {
  if (pauses.length === 0) return '';
  return formatTable<Pause>(
    [
      { title: 'paused type', read: ({ jobType }) => jobType ?? 'all' },
      { title: 'organization', read: ({ orgId }) => orgId ?? 'all' },
      { title: 'since', read: ({ at }) => formatTime(at) },
      { title: 'by', read: ({ by }) => by, least: 8 },
      { title: 'reason', read: ({ reason }) => reason, least: 10 },
      { title: 'resuming since', read: ({ resumingSince }) => formatTime(resumingSince) },
    ],
    pauses,
    output.width,
  );
}
