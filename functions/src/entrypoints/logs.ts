import type { LogEntry } from '#kernel';
import { messageOf } from '#kernel';
import { firebaseLogger } from '../composition/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Every line that an entry point logs, each named; what they mean: `docs/reference/logs.md`. */
export const logs = {
  commandRefused: (about: Fields, isOurs: boolean): void =>
    write({ severity: isOurs ? 'ERROR' : 'INFO', message: 'command refused', ...about }),
  commandFailed: (about: Fields, error: unknown): void => failed('command failed', error, about),
  fastPathFailed: (about: Fields, error: unknown): void =>
    failed('fast path failed; the tick takes over', error, about),
  workerFailed: (error: unknown): void =>
    failed('outbox worker failed; the tick takes over', error),
  sweepFailed: (error: unknown): void => failed('outbox sweep failed', error),
  alertsFailed: (error: unknown): void => failed('alerts could not be looked at', error),
  repaired: (report: Fields): void =>
    write({ severity: 'INFO', message: 'outbox repaired', ...report }),
  repairFailed: (error: unknown): void => failed('outbox repair failed', error),
  overdueMarked: (report: Fields): void =>
    write({ severity: 'INFO', message: 'overdue invoices marked', ...report }),
  overdueFailed: (error: unknown): void => failed('looking for overdue invoices failed', error),
  purgeStarted: (operationId: string): void =>
    write({ severity: 'INFO', message: 'purge started', operationId }),
  purgeFailed: (error: unknown): void => failed('starting the purge failed', error),
  paymentFailed: (error: unknown): void =>
    failed('payment event failed; the provider sends it again', error),
  paymentNotSigned: (): void =>
    write({ severity: 'WARNING', message: 'payment event refused: not signed' }),
  paymentKept: (what: Fields): void =>
    write({ severity: 'WARNING', message: 'payment event kept for a look', ...what }),
  paymentIgnored: (what: Fields): void =>
    write({ severity: 'INFO', message: 'payment event ignored', ...what }),
};

function write(entry: LogEntry): void {
  firebaseLogger.write(entry);
}

/** Whole, with its stack: nobody else says it. */
function failed(message: string, error: unknown, about: Fields = {}): void {
  const stack = error instanceof Error ? error.stack : undefined;
  write({ severity: 'ERROR', message, ...about, error: messageOf(error), stack });
}
