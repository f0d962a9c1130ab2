import { readFileSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { completionScript, SHELLS } from './completion/scripts.ts';
import type { GlobalOptions } from './context.ts';
import { addEvents } from './events/commands.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { addJobs } from './jobs/commands.ts';
import { addOperations } from './operations/commands.ts';
import { addDeadLetterKinds } from './operations/dead-letter-commands.ts';
import { addKinds } from './operations/start-commands.ts';
import type { Start } from './start.ts';
import { login, type LoginOptions } from './sign-in/login.ts';
import { addPlan } from './plan/commands.ts';
import { addAlerts } from './system/alerts.ts';
import { addBlocked } from './system/blocked.ts';
import { addDoctor } from './system/doctor.ts';
import { addMetrics } from './system/metrics.ts';
import { addPauses } from './system/pauses.ts';
import { addStats } from './system/stats.ts';
import { addSubscriptions } from './system/subscriptions.ts';

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly version: string };

/** Every command and its options. The reference, the help and the completion are made of it, too. */
export function createProgram(
  run: (job: Parameters<Start>[0], options: GlobalOptions) => Promise<void>,
): Command {
  const program = new Command('outbox')
    .description('Sees, mends and repeats what Firestore Outbox does, through its HTTP API.')
    .option('--url <url>', 'where the API is; or OUTBOX_URL. The local stack unless said')
    .version(VERSION, '--version', 'say which version this is')
    .option('--json', 'for scripts: the answer as the API gives it')
    .helpCommand('help [command]', 'Explain a command.')
    .helpOption('-h, --help', 'explain it');
  const start: Start = (job) => run(job, program.opts<GlobalOptions>());
  addStats(program, start);
  addAlerts(program, start);
  addMetrics(program, start);
  addSubscriptions(program, start);
  addBlocked(program, start);
  addDoctor(program, start);
  addJobs(program, start);
  addDeadLetterKinds(program, start);
  addKinds(program, start);
  addOperations(program, start);
  addPauses(program, start);
  addEvents(program, start);
  addPlan(program, start);
  addLogin(program, start);
  addCompletion(program, start);
  return program;
}

function addLogin(program: Command, start: Start): void {
  program
    .command('login')
    .description('Sign in, for this address. OUTBOX_TOKEN does without.')
    .option('--email <email>', 'who; asked for where it is not said')
    .option('--api-key <key>', 'the web API key of the project; or OUTBOX_API_KEY')
    .option('--emulator [host:port]', 'at the Auth emulator, as an operator who is made there')
    .action((options: LoginOptions) => start((context) => login(context, options)));
}

function addCompletion(program: Command, start: Start): void {
  program
    .command('completion')
    .description('What makes a shell complete commands, to be put into its settings.')
    .addArgument(new Argument('<shell>', 'which').choices(SHELLS))
    .action((name: (typeof SHELLS)[number]) =>
      start(async ({ shell }) => {
        shell.out.write(completionScript(name));
        return EXIT_CODES.ok;
      }),
    );
}
