import type { Ids, Logger } from '#kernel';
import { CodedError, messageOf } from '#kernel';

/** What somebody asks to be changed. */
export interface AuditedChange {
  /** The uid of who asks. */
  readonly by: string;
  /** What is to be done: `job.retry`. */
  readonly action: string;
  /** To what: a job's id, a pause's. */
  readonly target: string;
  /** Why, in the words of who asks. */
  readonly reason: string;
  readonly correlationId: string;
}

/** A change that was asked for, and what came of it. */
export interface AuditEntry extends AuditedChange {
  readonly id: string;
  /** When it was asked for, by the server. */
  readonly at: Date;
  /**
   * What the change answered, the code it was refused with, or `error`, which may have left it half made.
   * Absent where nobody knows: it is being made, or whoever made it died.
   */
  readonly outcome?: string | undefined;
}

/** Where entries are kept: the record. */
export interface AuditRecords {
  /** Writes an entry without an outcome; answers when that was, by the server. */
  readonly open: (id: string, change: AuditedChange) => Promise<Date>;
  readonly close: (id: string, outcome: string) => Promise<void>;
}

/** Where entries with their outcomes go besides. */
export type SendAudit = (entry: AuditEntry) => Promise<void>;

/**
 * Makes a change that has its entry before it begins, so that nothing changes without one, and its outcome
 * in the entry after. Throws what the change throws, and, before anything is changed, where no entry can be
 * written. That an outcome cannot be written, or an entry not be sent, is logged and fails nothing.
 */
export type Audited = <Result extends { readonly kind: string }>(
  change: AuditedChange,
  make: () => Promise<Result>,
) => Promise<Result>;

/** Puts the audit log together; see `Audited`. */
export function createAudited(deps: {
  readonly records: AuditRecords;
  readonly send: SendAudit;
  readonly ids: Pick<Ids, 'documentId'>;
  readonly logger: Logger;
}): Audited {
  return async (change, make) => {
    const id = deps.ids.documentId();
    const at = await deps.records.open(id, change);
    let outcome = 'error';
    try {
      const result = await make();
      outcome = result.kind;
      return result;
    } catch (error) {
      if (error instanceof CodedError) outcome = error.code;
      throw error;
    } finally {
      await end(deps, { ...change, id, at, outcome });
    }
  };
}

async function end(
  { records, send, logger }: Parameters<typeof createAudited>[0],
  entry: AuditEntry & { readonly outcome: string },
): Promise<void> {
  const logged = (message: string) => (error: unknown) =>
    logger.write({ severity: 'ERROR', message, audit: entry, error: messageOf(error) });
  await records.close(entry.id, entry.outcome).catch(logged('audit outcome not written'));
  await send(entry).catch(logged('audit entry not sent'));
}
