import { type Command, InvalidArgumentError, Option } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';
import { readOrg } from '../organization.ts';
import { formatTable } from '../output/table.ts';
import { addPage, noteMore, type PageOptions, readCount, readTime } from '../page.ts';
import type { Start } from '../start.ts';
import { EVENT_COLUMNS, showEvent } from './show-event.ts';
import { PAGE, tailEvents } from './tail.ts';
import { traceEvent } from './trace.ts';

type Query = NonNullable<operations['listEvents']['parameters']['query']>;

interface EventsOptions extends PageOptions {
  readonly org?: string;
  readonly type?: string;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly matter?: string;
  readonly correlation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly order?: NonNullable<Query['order']>;
}

interface OrgOptions {
  readonly org?: string;
}

/** `outbox events`, `event`, `trace` and `tail` */
export function addEvents(program: Command, start: Start): void {
  addPage(withOrg(program.command('events').description('What happened, newest first.')))
    .option('--type <eventType>', 'only events of this type')
    .option('--entity-type <type>', 'only events of such entities')
    .option('--entity-id <id>', 'only events of this one')
    .option('--matter <matterId>', 'only events of this matter')
    .option('--correlation <id>', 'only events of this request, oldest first')
    .option('--from <time>', 'recorded then or later: ISO 8601, or 2h for two hours ago', readTime)
    .option('--to <time>', 'recorded before', readTime)
    .addOption(new Option('--order <order>', 'which first').choices(['newest', 'oldest']))
    .action((options: EventsOptions) => start((context) => listEvents(context, options)));
  withOrg(
    program.command('event <eventId>').description('An event, and what became of its jobs.'),
  ).action((eventId: string, options: OrgOptions) =>
    start((context) => showEvent(context, eventId, readOrg(context.shell, options.org))),
  );
  withOrg(
    program
      .command('trace <eventId>')
      .description('What led to an event and what came of it, with all jobs, as a tree.'),
  ).action((eventId: string, options: OrgOptions) =>
    start((context) => traceEvent(context, eventId, readOrg(context.shell, options.org))),
  );
  withOrg(
    program
      .command('tail')
      .description('The last events, and new ones as they come, until Ctrl-C.'),
  )
    .option('--type <eventType>', 'only events of this type')
    .option('--lines <n>', `how many of the last ones come first, at most ${PAGE}`, readLines, 10)
    .action((options: OrgOptions & { readonly type?: string; readonly lines: number }) =>
      start((context) => {
        const orgId = readOrg(context.shell, options.org);
        return tailEvents(context, {
          orgId,
          ...given({ type: options.type }),
          lines: options.lines,
        });
      }),
    );
}

function readLines(text: string): number {
  const lines = readCount(text);
  if (lines <= PAGE) return lines;
  throw new InvalidArgumentError(`It shows no more than ${PAGE}.`);
}

function withOrg(command: Command): Command {
  return command.option('--org <orgId>', 'whose events; or OUTBOX_ORG');
}

async function listEvents(
  { api, shell, output }: Context,
  options: EventsOptions,
): Promise<ExitCode> {
  const { type, entityType, entityId, matter, correlation, from, to, order, limit, cursor } =
    options;
  const query = given({
    eventType: type,
    entityType,
    entityId,
    matterId: matter,
    correlationId: correlation,
    from,
    to,
    order,
    limit,
    cursor,
  });
  const header = { 'X-Org-Id': readOrg(shell, options.org) };
  const page = await answerOf(api.GET('/v1/events', { params: { query, header } }));
  output.show(page, () =>
    page.events.length === 0 ? 'No event.' : formatTable(EVENT_COLUMNS, page.events, output.width),
  );
  noteMore(output, page.nextCursor);
  return EXIT_CODES.ok;
}
