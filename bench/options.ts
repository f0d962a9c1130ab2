import { parseArgs } from 'node:util';

export interface Options {
  /** Fewer rounds and smaller backlogs: a minute instead of ten. */
  readonly isQuick: boolean;
  /** The long operations instead of emits and drains. */
  readonly ofOperations: boolean;
  /** Where the results go as JSON besides the table. */
  readonly jsonPath: string | undefined;
  readonly wantsHelp: boolean;
}

export const USAGE = [
  'npm run bench -- [--quick] [--operations] [--json <file>]',
  '  --quick        fewer rounds and smaller backlogs: about a minute',
  '  --operations   the long operations instead: half an hour, quick: a minute',
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
        operations: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const { quick, operations, json, help } = values;
    return { isQuick: quick, ofOperations: operations, jsonPath: json, wantsHelp: help };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
