import { SECOND_MS, systemClock } from '#kernel';

/** How long claims that were not begun have to be given back, where nobody else waits for them. */
const GIVE_BACK_MS = 2 * SECOND_MS;
/** How long what is done lastly may take. */
const LASTLY_MS = 2 * SECOND_MS;

/**
 * Aborted when the platform asks this process to end (SIGTERM; Cloud Run gives ten seconds more, see
 * https://cloud.google.com/run/docs/container-contract#instance-shutdown). Whoever listened for that before is
 * told when `lastly` has ended, after two seconds at most: the functions framework ends a process that serves
 * nobody at once, and with it what is being written.
 */
export function whenStopping(lastly: () => Promise<void>): AbortSignal {
  const stopping = new AbortController();
  const others = process.listeners('SIGTERM');
  process.removeAllListeners('SIGTERM');
  process.once('SIGTERM', () => {
    stopping.abort();
    end(lastly, others).catch(() => undefined);
  });
  return stopping.signal;
}

async function end(
  lastly: () => Promise<void>,
  others: readonly NodeJS.SignalsListener[],
): Promise<void> {
  const ended = lastly().catch(() => undefined);
  await Promise.race([ended, systemClock.wait(LASTLY_MS)]);
  for (const other of others) other.call(process, 'SIGTERM');
  if (others.length === 0) await endUnlessOthersDo();
}

/**
 * The functions framework ends the process when its last call has ended. Where nobody does, as in the
 * emulator, a listener keeps a process alive that would have ended.
 */
async function endUnlessOthersDo(): Promise<void> {
  if (process.listenerCount('SIGTERM') > 0) return;
  await systemClock.wait(GIVE_BACK_MS);
  process.kill(process.pid, 'SIGTERM');
}
