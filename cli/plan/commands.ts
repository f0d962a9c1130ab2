import type { Command } from 'commander';
import { Option } from 'commander';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { Start } from '../start.ts';
import type { Range } from './decimal.ts';
import { readNumber } from './decimal.ts';
import { FACTS } from './facts.ts';
import { LOAD_TERMS, readLoad } from './load.ts';
import type { Policy } from './outage.ts';
import { planOutage, POLICIES, POLICY_TERMS } from './outage.ts';
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
  const outage = plans
    .command('outage')
    .description('How long a sink may be away before dead letters begin.')
    .addOption(
      new Option('--policy <name>', 'its retry policy')
        .choices(Object.keys(POLICIES))
        .default('default'),
    )
    .option('--late <seconds>', 'how late a run may be: a tick, where no wake-up comes', '120');
  for (const { flag, what } of POLICY_TERMS) {
    outage.option(`--${flag} <number>`, `${what}; the policy’s unless said`);
  }
  outage.action((said: OutageSaid) =>
    start((context) => Promise.resolve(showPolicy(context, said))),
  );
}

type OutageSaid = Readonly<Record<'policy' | 'late', string>> &
  Readonly<Partial<Record<string, string>>>;
const LATE: Range = { flag: 'late', least: 0, most: 86_400 };

function showLoad({ output }: Context, said: Readonly<Record<string, string>>): ExitCode {
  const byName = LOAD_TERMS.map(({ name, flag }) => [name, said[inCamelCase(flag)]]);
  const read = readLoad(Object.fromEntries(byName) as Record<string, string | undefined>);
  if (read.kind === 'wrong') throw usage(`--${read.flag}: ${read.message}`);
  const planned = plan(read.load, FACTS);
  output.show(planned, () => showPlan(planned, output.width));
  return EXIT_CODES.ok;
}

function showPolicy({ output }: Context, said: OutageSaid): ExitCode {
  const named = POLICIES[said.policy];
  if (named === undefined) throw usage(`--policy: there is no ${said.policy}`);
  const others = POLICY_TERMS.flatMap((term) => {
    const text = said[term.flag];
    return text === undefined ? [] : [[term.name, numberOf(text, term) * term.each] as const];
  });
  const policy: Policy = { ...named, ...Object.fromEntries(others) };
  const planned = planOutage(policy, { lateMs: numberOf(said.late, LATE) * 1_000 });
  const name = others.length > 0 ? `${said.policy}, changed` : said.policy;
  output.show(planned, () => showOutage(name, planned, output.width));
  return EXIT_CODES.ok;
}

function numberOf(text: string, range: Range): number {
  const read = readNumber(text, range);
  if (read.kind === 'wrong') throw usage(`--${read.flag}: ${read.message}`);
  return read.number;
}

/** As commander names what was said. */
function inCamelCase(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
