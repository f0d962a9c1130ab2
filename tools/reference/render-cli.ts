import type { Argument, Command, Option } from 'commander';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from '../../cli/exit-codes.ts';
import { createProgram } from '../../cli/program.ts';
import { GENERATED } from './render.ts';

/** `docs/reference/cli.md` */
export function renderCli(): string {
  const program = createProgram(() => Promise.resolve());
  return [
    GENERATED,
    '# The command line',
    INTRODUCTION,
    renderOptions('everywhere', program.options),
    '## Exit codes',
    renderExitCodes(),
    '## Environment',
    ENVIRONMENT,
    ...leaves(program).map(renderCommand),
  ]
    .join('\n\n')
    .concat('\n');
}

const INTRODUCTION = [
  '`npm run -s outbox -- <command>`, or `outbox <command>` after `npm link`. It asks the [HTTP API](http-api.md#for-operators) and',
  'nothing else: what it may do, whoever is signed in may do. What to do with it: [operate it](../how-to/operate.md).',
  '',
  'Answers are on stdout, everything else on stderr. With `--json` the answer is one document, as the API gives it (`stats` without `--by-org`: `health`,',
  '`stats` and `alerts`; `event`: `event`, `jobs`, `truncated`; `trace`: the tree, and `jobs` by event), and of `tail` one document in each line. On a',
  'terminal tables fit its width, and colours are there; `NO_COLOR` keeps them away.',
  '',
  'Every change wants a reason: `--reason`, or it is asked for. What changes more than one row is agreed to: `--yes`, or it is asked, after a',
  'dry run that says how much it is; where nobody is there to be asked, it is refused. Ctrl-C leaves an operation running and says',
  'how to come back. Reads are asked again up to three times where nobody answers, and so is starting an operation, which has an `Idempotency-Key`.',
].join('\n');

const ENVIRONMENT = [
  '| variable | |',
  '|---|---|',
  '| `OUTBOX_URL` | the address of the API: of the Hosting site, or of the function. https, or this machine |',
  '| `OUTBOX_ORG` | the organization, where a command wants one |',
  '| `OUTBOX_TOKEN` | an ID token, in place of signing in. An hour good |',
  '| `OUTBOX_API_KEY`, `OUTBOX_PASSWORD` | for `login` at a project: its web API key, and the password, which is else asked for |',
  '| `XDG_CONFIG_HOME` | `outbox/credentials.json` below it (default `~/.config`) has the refresh tokens, by address; only its owner may read it. Delete it to sign out |',
  '| `NO_COLOR` | no colours |',
].join('\n');

function renderExitCodes(): string {
  const names = Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[];
  const rows = names.map((name) => `| ${EXIT_CODES[name]} | ${EXIT_CODE_MEANINGS[name]} |`);
  return ['| | |', '|---|---|', ...rows].join('\n');
}

/** The commands that do something, with all the words that lead to them. */
function leaves(command: Command, words: readonly string[] = ['outbox']): Leaf[] {
  return command.commands.flatMap((child) => {
    const path = [...words, child.name()];
    return child.commands.length > 0 ? leaves(child, path) : [{ command: child, path }];
  });
}

interface Leaf {
  readonly command: Command;
  readonly path: readonly string[];
}

function renderCommand({ command, path }: Leaf): string {
  const words = [...path, ...command.registeredArguments.map(argumentOf)].join(' ');
  const { options } = command;
  const table = options.length === 0 ? [] : [renderOptions('option', options)];
  return [`## \`${words}\``, command.description(), ...table].join('\n\n');
}

function renderOptions(title: string, options: readonly Option[]): string {
  return [`| ${title} | |`, '|---|---|', ...options.map(describeOption)].join('\n');
}

function argumentOf(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function describeOption({ flags, description, argChoices, mandatory }: Option): string {
  const choices = argChoices?.map((choice) => `\`${choice}\``).join(', ');
  const parts = [
    description,
    ...(choices === undefined ? [] : [choices]),
    ...(mandatory ? ['required'] : []),
  ];
  return `| \`${flags}\` | ${parts.join('; ')} |`;
}
