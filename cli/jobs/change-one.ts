import { answerOf } from '../api/answer.ts';
import { readReason, type ChangeOptions } from '../change.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';

/** Sends one closed job round again, due at once. */
export async function redriveOne(
  { api, shell, output }: Context,
  jobId: string,
  options: ChangeOptions & { readonly regainPlace?: boolean },
): Promise<ExitCode> {
  const reason = await readReason(shell, options);
  const body = { reason, ...given({ regainPlace: options.regainPlace }) };
  const init = { params: { path: { jobId } }, body };
  const answer = await answerOf(api.POST('/v1/ops/jobs/{jobId}/retry', init));
  output.show(answer, () => `${answer.jobId} is due again.`);
  return EXIT_CODES.ok;
}

/** Takes one out that waits, is paused, or failed. */
export async function cancelOne(
  { api, shell, output }: Context,
  jobId: string,
  options: ChangeOptions,
): Promise<ExitCode> {
  const body = { reason: await readReason(shell, options) };
  const init = { params: { path: { jobId } }, body };
  const answer = await answerOf(api.POST('/v1/ops/jobs/{jobId}/cancel', init));
  output.show(answer, () => `${answer.jobId} is cancelled.`);
  return EXIT_CODES.ok;
}
