import { type Command, InvalidArgumentError } from 'commander';
import { given } from '../given.ts';
import { readOrg } from '../organization.ts';
import { readCount } from '../page.ts';
import type { Start } from '../start.ts';
import { KIND_COMMANDS, type KindCommand } from './kind-table.ts';
import { startOperation, type Kind, type StartOptions } from './start.ts';

/** The options that starting takes, whatever the kind. */
export function addStart(command: Command, { asks, hasDryRun }: Kind): Command {
  command.option('--reason <text>', 'why, for the audit log');
  if (hasDryRun) command.option('--dry-run', 'count, and change nothing');
  command
    .option('--max-rows <n>', 'fail past so many rows; 1,000,000 unless said', readCount)
    .option('--max-operations <n>', 'fail past so many reads and writes, together', readCount)
    .option('--rate <n>', 'rows a second, 1 to 1000; 200 unless said', readRate)
    .option('--no-watch', 'start it, and do not wait for its end');
  return asks === undefined ? command : command.option('--yes', 'do not ask');
}

function readRate(text: string): number {
  const rate = Number(text);
  if (rate >= 1 && rate <= 1000) return rate;
  throw new InvalidArgumentError('It is no number from 1 to 1000.');
}

type Values = StartOptions & { readonly org?: string } & Readonly<Record<string, unknown>>;

/** A command for each kind of the table. */
export function addKinds(program: Command, start: Start): void {
  for (const kind of KIND_COMMANDS) addKind(program, start, kind);
}

function addKind(program: Command, start: Start, row: KindCommand): void {
  const { kind, argument, params } = row;
  const words = argument === undefined ? kind : `${kind} ${argument.name}`;
  const command = program.command(words).description(row.description);
  if (row.isForAll !== true) command.option('--org <orgId>', 'which organization; or OUTBOX_ORG');
  for (const option of Object.values(params)) command.addOption(option);
  const run = (options: Values, said: Readonly<Record<string, unknown>>): Promise<void> =>
    start((context) => {
      const whose = row.isForAll === true ? {} : { orgId: readOrg(context.shell, options.org) };
      const asked = { ...whose, ...said, ...paramsOf(row, options) };
      return startOperation(context, row, asked, options);
    });
  addStart(command, row).action(
    argument === undefined
      ? (options: Values) => run(options, {})
      : (value: string, options: Values) => run(options, { [argument.param]: value }),
  );
}

function paramsOf({ params }: KindCommand, options: Values) {
  const said = Object.entries(params).map(
    ([param, option]) => [param, options[option.attributeName()]] as const,
  );
  return given(Object.fromEntries(said));
}
