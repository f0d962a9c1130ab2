import { answerOf } from '../api/answer.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Operation } from './operation.ts';
import { isOver } from './operation.ts';
import { createProgress } from './progress.ts';
import { showOperation } from './show.ts';

const FIRST_POLL_MS = 500;
const POLL_MS = 2000;

/** Watches until it is over, then shows it. Whatever ends the watching leaves the operation running, and says so. */
export async function watchOperation(context: Context, operationId: string): Promise<ExitCode> {
  const operation = await waitForOperation(context, operationId, (error) => [
    error.exitCode === EXIT_CODES.interrupted ? 'It goes on.' : error.hint,
    `Come back: outbox operations watch ${operationId}`,
  ]);
  return showOperation(operation, context);
}

/** What is to be said where the watching ends before the operation does. */
type Leave = (error: Failure) => readonly (string | undefined)[];

/** The operation when it is over. Throws a `Failure` that says what `leave` says. */
export async function waitForOperation(
  context: Context,
  operationId: string,
  leave: Leave,
): Promise<Operation> {
  const progress = createProgress(context.shell);
  try {
    return await poll(context, operationId, progress.show);
  } catch (error) {
    throw withHint(error, leave);
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

function withHint(error: unknown, leave: Leave): unknown {
  // What is not there is no place to come back to.
  if (!(error instanceof Failure) || error.exitCode === EXIT_CODES.refused) return error;
  const hint = leave(error).filter(Boolean).join('\n');
  return new Failure(error.exitCode, error.message, hint, { cause: error });
}
