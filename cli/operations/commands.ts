import { Argument, type Command, Option } from 'commander';
import { answerOf } from '../api/answer.ts';
import { readReason, type ChangeOptions } from '../change.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';
import { addPage, type PageOptions, noteMore } from '../page.ts';
import { formatTable } from '../output/table.ts';
import { formatCount, formatTime } from '../output/text.ts';
import type { Start } from '../start.ts';
import type { Operation, OperationState } from './operation.ts';
import { OPERATION_STATES } from './operation.ts';
import { showOperation, stateOf } from './show.ts';
import { watchOperation } from './watch.ts';

const VERBS = {
  pause: 'stop one after the step that is being made',
  resume: 'let a paused one go on where it was',
  cancel: 'end one; what it did stays done',
} as const;

const operationId = (): Argument => new Argument('<operationId>', 'its id');

/** `outbox operations …` */
export function addOperations(program: Command, start: Start): void {
  const group = program.command('operations').summary('list, watch, pause, resume, cancel');
  group.description('Long operations: redrives, replays, rebuilds and others.');
  addPage(group.command('list', { isDefault: true }).description('The newest first.'))
    .addOption(new Option('--state <state>', 'only those').choices(OPERATION_STATES))
    .action((options: ListOptions) => start((context) => list(context, options)));
  group
    .command('show')
    .description('One, and how far it is.')
    .addArgument(operationId())
    .action((id: string) => start((context) => show(context, id)));
  group
    .command('watch')
    .description('Watch one until it is over. Ctrl-C leaves it running.')
    .addArgument(operationId())
    .action((id: string) => start((context) => watchOperation(context, id)));
  for (const [verb, what] of Object.entries(VERBS)) {
    group
      .command(verb)
      .description(`${what[0]?.toUpperCase()}${what.slice(1)}.`)
      .addArgument(operationId())
      .option('--reason <text>', 'why, for the audit log')
      .action((id: string, options: ChangeOptions) =>
        start((context) => change(context, id, verb as keyof typeof VERBS, options)),
      );
  }
}

interface ListOptions extends PageOptions {
  readonly state?: OperationState;
}

async function list({ api, output }: Context, options: ListOptions): Promise<ExitCode> {
  const { state, limit, cursor } = options;
  const query = given({ state, limit, cursor });
  const page = await answerOf(api.GET('/v1/ops/operations', { params: { query } }));
  output.show(page, () =>
    page.operations.length === 0
      ? 'No operation.'
      : formatTable<Operation>(
          [
            { title: 'id', read: ({ id }) => id },
            { title: 'kind', read: ({ kind, dryRun }) => (dryRun ? `${kind} (dry)` : kind) },
            { title: 'state', read: stateOf },
            { title: 'rows', align: 'right', read: ({ seen }) => formatCount(seen) },
            { title: 'done', align: 'right', read: ({ done }) => formatCount(done) },
            { title: 'started', read: ({ startedAt }) => formatTime(startedAt) },
            { title: 'by', read: ({ by }) => by, least: 8 },
            { title: 'reason', read: ({ reason }) => reason, least: 10 },
          ],
          page.operations,
          output.width,
        ),
  );
  noteMore(output, page.nextCursor);
  return EXIT_CODES.ok;
}

async function show(context: Context, id: string): Promise<ExitCode> {
  const params = { path: { operationId: id } };
  const operation = await answerOf(context.api.GET('/v1/ops/operations/{operationId}', { params }));
  return showOperation(operation, context);
}

async function change(
  { api, shell, output }: Context,
  id: string,
  verb: keyof typeof VERBS,
  options: ChangeOptions,
): Promise<ExitCode> {
  const init = {
    params: { path: { operationId: id } },
    body: { reason: await readReason(shell, options) },
  };
  const operation = await answerOf(api.POST(`/v1/ops/operations/{operationId}/${verb}`, init));
  output.show(operation, () => `${operation.kind} ${operation.id}: ${stateOf(operation)}.`);
  return EXIT_CODES.ok;
}
