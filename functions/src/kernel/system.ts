import { randomBytes, randomUUID } from 'node:crypto';
import type { Ids, Random } from './ids.ts';
import type { Clock } from './time.ts';

/** The real clock. The one place where the process asks the machine for time. */
export const systemClock: Clock = {
  elapsedMs: () => performance.now(),
  wait: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(done, delayMs);
      signal?.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
    }),
};

/** What the machine takes the time to be, in milliseconds since the epoch: to be compared with the server's, only. */
export function machineTimeMs(): number {
  return Date.now();
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** The largest multiple of 62 that fits in a byte; bytes from here on would favour some characters. */
const FAIR_BYTES = 248;

/** Real ids: 20 random base-62 characters (119 bits), spread over the key range as Firestore wants them. */
export const systemIds: Ids = {
  documentId: () => {
    let id = '';
    while (id.length < 20) {
      for (const byte of randomBytes(24)) {
        if (byte < FAIR_BYTES && id.length < 20) id += ALPHABET[byte % 62] ?? '';
      }
    }
    return id;
  },
  correlationId: () => randomUUID(),
};

/** Real randomness, for jitter only: nothing secret is made of it. */
export const systemRandom: Random = { next: () => Math.random() };
