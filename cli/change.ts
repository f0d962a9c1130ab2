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

/**
 * Whether whoever sits there wants it: `--yes`, or asked after `count` has said how much it is. Throws where
 * nobody is there to be asked, before anything is counted.
 */
export async function agree(
  { shell, output }: Context,
  { yes }: ChangeOptions,
  question: string,
  count: () => Promise<string> = () => Promise.resolve(''),
): Promise<boolean> {
  if (yes === true) return true;
  if (!shell.canAsk) throw usage('It changes more than one row: say --yes.');
  const counted = await count();
  if (counted !== '') output.note(counted);
  const answer = await shell.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  output.note('Nothing was changed.');
  return false;
}
