import type { Context } from './context.ts';
import { usage } from './failure.ts';
import type { Shell } from './shell.ts';

/** What everything takes that changes something. */
export interface ChangeOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

/** Why it is done, for the audit log; asked for where it was not said. */
export async function readReason(shell: Shell, { reason }: ChangeOptions): Promise<string> {
  const said = reason ?? (shell.canAsk ? await shell.ask('Why? (for the audit log) ') : '');
  if (said.trim() !== '') return said.trim();
  throw usage('Say why: --reason "…". It goes to the audit log.');
}

/** Whether whoever sits there wants it: `--yes`, or asked. Throws where nobody is there to be asked. */
export async function agree(
  context: Context,
  options: ChangeOptions,
  question: string,
): Promise<boolean> {
  return !hasToAsk(context, options) || ask(context, question);
}

/** Whether it was not agreed to yet. Throws where nobody is there to be asked. */
export function hasToAsk({ shell }: Context, { yes }: ChangeOptions): boolean {
  if (yes === true) return false;
  if (shell.canAsk) return true;
  throw usage('It changes more than one row: say --yes.');
}

/** Asks whoever sits there. */
export async function ask({ shell, output }: Context, question: string): Promise<boolean> {
  const answer = await shell.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  output.note('Nothing was changed.');
  return false;
}
