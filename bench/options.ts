import { parseArgs } from 'node:util';

export interface Options {
  /** Fewer rounds and smaller backlogs: a minute instead of ten. */
  readonly isQuick: boolean;
  /** Where the results go as JSON besides the table. */
  readonly jsonPath: string | undefined;
  readonly wantsHelp: boolean;
}

export const USAGE = [
  'npm run bench -- [--quick] [--json <file>]',
  '  --quick        fewer rounds and smaller backlogs: about a minute',
  '  --json <file>  also write every measurement there',
  '  --help         show this',
].join('\n');

/** A mistake in the command line; its message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    return { isQuick: values.quick, jsonPath: values.json, wantsHelp: values.help };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
