import type { Command } from 'commander';
import { Option } from 'commander';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { Start } from '../start.ts';
import { FACTS } from './facts.ts';
import { LOAD_TERMS, readLoad } from './load.ts';
import { planOutage, POLICIES } from './outage.ts';
import { plan } from './plan.ts';
import { showOutage, showPlan } from './show.ts';

/** `outbox plan`, which is `outbox plan load`, and `outbox plan outage`: computed here, nobody is asked. */
export function addPlan(program: Command, start: Start): void {
  const plans = program.command('plan').description('Plan for a load or an outage. Asks nobody.');
  const command = plans
    .command('load', { isDefault: true })
    .description('What a load takes, what it costs, and what breaks first. `plan` alone is this.');
  for (const { flag, what, otherwise } of LOAD_TERMS) {
    command.option(`--${flag} <number>`, `${what}; ${otherwise} unless said`);
  }
  command.action((said: Readonly<Record<string, string>>) =>
    start((context) => Promise.resolve(showLoad(context, said))),
  );
  plans
    .command('outage')
    .description('How long a sink may be away before dead letters begin.')
    .addOption(
      new Option('--policy <name>', 'its retry policy')
        .choices(Object.keys(POLICIES))
        .default('default'),
    )
    .option('--late <seconds>', 'how late a run may be: a tick, where no wake-up comes', '120')
    .action((said: { readonly policy: string; readonly late: string }) =>
      start((context) => Promise.resolve(showPolicy(context, said))),
    );
}

function showLoad({ output }: Context, said: Readonly<Record<string, string>>): ExitCode {
  const byName = LOAD_TERMS.map(({ name, flag }) => [name, said[inCamelCase(flag)]]);
  const read = readLoad(Object.fromEntries(byName) as Record<string, string | undefined>);
  if (read.kind === 'wrong') throw usage(`--${read.flag}: ${read.message}`);
  const planned = plan(read.load, FACTS);
  output.show(planned, () => showPlan(planned, output.width));
  return EXIT_CODES.ok;
}

function showPolicy(
  { output }: Context,
  said: { readonly policy: string; readonly late: string },
): ExitCode {
  const policy = POLICIES[said.policy];
  if (policy === undefined) throw usage(`--policy: there is no ${said.policy}`);
  const lateSeconds = said.late.trim() === '' ? Number.NaN : Number(said.late);
  if (!(lateSeconds >= 0 && lateSeconds <= 86_400)) {
    throw usage('--late: expected a number from 0 to 86,400');
  }
  const planned = planOutage(policy, { lateMs: lateSeconds * 1_000 });
  output.show(planned, () => showOutage(said.policy, planned, output.width));
  return EXIT_CODES.ok;
}

/** As commander names what was said. */
function inCamelCase(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
