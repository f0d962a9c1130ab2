import { answerOf } from '../api/answer.ts';
import { readReason, type ChangeOptions } from '../change.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { given } from '../given.ts';

/** Sends one closed job round again, due at once. */
export async function redriveOne(
  context: Context,
  jobId: string,
  options: ChangeOptions & { readonly regainPlace?: boolean },
): Promise<ExitCode> {
  const { api, shell, output } = context;
  const reason = await readReason(shell, options);
  const body = { reason, ...given({ regainPlace: options.regainPlace }) };
  const init = { params: { path: { jobId } }, body };
  const answer = await answerOf(api.POST('/v1/ops/jobs/{jobId}/retry', init));
  output.show(answer, () => `${answer.jobId} is due again.`);
  if (!output.isJson) await notePause(context, jobId);
  return EXIT_CODES.ok;
}

/** It is due, and yet is not run, while somebody holds jobs like it back. */
async function notePause({ api, output }: Context, jobId: string): Promise<void> {
  try {
    const [{ job }, { pauses }] = await Promise.all([
      answerOf(api.GET('/v1/ops/jobs/{jobId}', { params: { path: { jobId } } })),
      answerOf(api.GET('/v1/ops/controls')),
    ]);
    const pause = pauses.find(
      ({ jobType = job.jobType, orgId = job.orgId, resumingSince }) =>
        jobType === job.jobType && orgId === job.orgId && resumingSince === undefined,
    );
    if (pause !== undefined)
      output.note(`But it is held back: ${pause.by} paused it (${pause.reason}).`);
  } catch (error) {
    // It was sent round, and that was said.
    if (!(error instanceof Failure)) throw error;
  }
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
