import { SECOND_MS, systemClock } from '#kernel';

/** How long claims that were not begun have to be given back, where nobody else waits for them. */
const GIVE_BACK_MS = 2 * SECOND_MS;

/**
 * Aborted when the platform asks this process to end (SIGTERM; Cloud Run gives ten seconds more, see
 * https://cloud.google.com/run/docs/container-contract#instance-shutdown).
 */
export function whenStopping(): AbortSignal {
  const stopping = new AbortController();
  process.once('SIGTERM', () => {
    stopping.abort();
    endUnlessOthersDo().catch(() => undefined);
  });
  return stopping.signal;
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
