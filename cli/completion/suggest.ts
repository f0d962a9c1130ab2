import type { Command, Option } from 'commander';

/** What the last of these words may become: commands, options, or the values that an option knows. */
export function suggest(program: Command, words: readonly string[]): string[] {
  const typed = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  const { command, expecting } = follow(program, typed);
  return candidates(command, expecting, last)
    .filter((candidate) => candidate.startsWith(last))
    .toSorted((a, b) => a.localeCompare(b));
}

function candidates(command: Command, expecting: string | undefined, last: string): string[] {
  const help = command.createHelp();
  const options = [
    ...help.visibleOptions(command),
    ...help.visibleGlobalOptions(command),
    ...optionsOf(command.parent),
  ];
  if (expecting !== undefined) {
    return options.find((option) => isCalled(option, expecting))?.argChoices ?? [];
  }
  if (last.startsWith('-')) return [...new Set(options.map(({ long }) => long ?? ''))];
  const commands = help.visibleCommands(command).map((child) => child.name());
  return [
    ...commands,
    ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  ];
}

/** The command that the words lead to, and the option whose value comes next. */
function follow(program: Command, words: readonly string[]) {
  let command = program;
  let expecting: string | undefined;
  for (const word of words) {
    if (expecting !== undefined) expecting = undefined;
    else if (word.startsWith('-')) expecting = takesValue(command, word) ? word : undefined;
    else command = command.commands.find((child) => child.name() === word) ?? command;
  }
  return { command, expecting };
}

function takesValue(command: Command, flag: string): boolean {
  const options = [...command.options, ...optionsOf(command.parent)];
  return options.some((option) => isCalled(option, flag) && (option.required || option.optional));
}

function optionsOf(command: Command | null): Command['options'] {
  return command === null ? [] : [...command.options, ...optionsOf(command.parent)];
}

function isCalled({ short, long }: Option, flag: string): boolean {
  return flag === short || flag === long;
}
