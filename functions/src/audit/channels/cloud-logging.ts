import type { Log, LoggingOptions } from '@google-cloud/logging';
import { SECOND_MS } from '#kernel';
import type { SendAudit } from '../audit.ts';

/** The log's own name, in the project's Cloud Logging. */
const LOG_NAME = 'firestore-outbox-audit';
/** Whoever asked waits for it: of an attempt, of which there are two. */
const TIMEOUT_MS = 5_000;
const ATTEMPTS = 2;
const NANOS_PER_MS = 1_000_000;

/**
 * Sends entries to Cloud Logging; one that is sent twice is there once, by its `insertId`. The client is
 * loaded at the first entry.
 */
export function createCloudLoggingSender(options: LoggingOptions = {}): SendAudit {
  let log: Promise<Log> | undefined;
  return async (entry) => {
    log ??= openLog(options);
    const opened = await log;
    const { id: insertId, at, ...said } = entry;
    const timestamp = timestampOf(at.getTime());
    const about = { severity: 'NOTICE', insertId, timestamp };
    const data = { message: `${said.action} ${said.target}`, ...said };
    await opened.write(opened.entry(about, data), {
      // Named, or the client would ask the instance what it is.
      resource: { type: 'global' },
      gaxOptions: { timeout: TIMEOUT_MS, maxRetries: ATTEMPTS },
    });
  };
}

async function openLog(options: LoggingOptions): Promise<Log> {
  const { Logging } = await import('@google-cloud/logging');
  return new Logging(options).log(LOG_NAME);
}

/** The client makes fractions of a nanosecond of a `Date`. */
function timestampOf(ms: number): { readonly seconds: number; readonly nanos: number } {
  return { seconds: Math.floor(ms / SECOND_MS), nanos: (ms % SECOND_MS) * NANOS_PER_MS };
}
