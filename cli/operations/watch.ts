import { answerOf } from '../api/answer.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Operation } from './operation.ts';
import { isOver } from './operation.ts';
import { createProgress } from './progress.ts';
import { describeOperation, exitCodeOf } from './show.ts';

const FIRST_POLL_MS = 500;
const POLL_MS = 2000;

/** Watches until it is over, then shows it. Whatever ends the watching leaves the operation running, and says so. */
export async function watchOperation(context: Context, operationId: string): Promise<ExitCode> {
  const operation = await waitForOperation(context, operationId);
  const { output } = context;
  output.show(operation, () => describeOperation(operation, output));
  return exitCodeOf(operation);
}

/** The operation when it is over. Throws a `Failure` that says how to come back. */
export async function waitForOperation(context: Context, operationId: string): Promise<Operation> {
  const progress = createProgress(context.shell);
  try {
    return await poll(context, operationId, progress.show);
  } catch (error) {
    progress.end();
    throw comeBack(error, operationId);
  } finally {
    progress.end();
  }
}

async function poll(
  { api, shell }: Context,
  operationId: string,
  show: (operation: Operation) => void,
): Promise<Operation> {
  const path = { params: { path: { operationId } } };
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, POLL_MS)) {
    const operation = await answerOf(api.GET('/v1/ops/operations/{operationId}', path));
    show(operation);
    if (isOver(operation)) return operation;
    await shell.wait(pollMs);
    if (shell.interrupted.aborted) throw new Failure(EXIT_CODES.interrupted, 'Interrupted.');
  }
}

function comeBack(error: unknown, operationId: string): unknown {
  if (!(error instanceof Failure) || error.exitCode === EXIT_CODES.refused) return error;
  const goesOn = error.exitCode === EXIT_CODES.interrupted ? 'It goes on.' : error.hint;
  const hint = [goesOn, `Come back: outbox operations watch ${operationId}`];
  return new Failure(error.exitCode, error.message, hint.filter(Boolean).join('\n'), {
    cause: error,
  });
}
