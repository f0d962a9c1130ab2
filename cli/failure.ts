import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** Why the command ends; its message is for whoever typed it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** The command line is not right; nothing was sent. */
export function usage(message: string, hint?: string): Failure {
  return new Failure(EXIT_CODES.usage, message, hint);
}
