import { z } from 'zod';
import type { DocumentReader } from '#kernel';
import { PLATFORM } from '#kernel';
import type { ExternalHandler, NewJob } from '#outbox';
import { DEFAULT_RETRY_POLICY } from '#outbox';
import { storedTime } from './operation.ts';

/** Where the audit log is kept; what operators ask for has its entries there, too. */
export const AUDIT_LOG = 'audit_log';
/** The job type. Stored in every row. */
const AUDIT = 'audit';

/** When an entry that could not be sent is sent again, and when no more. */
export const AUDIT_POLICY = DEFAULT_RETRY_POLICY;

/** The job that sends an entry of the audit log to where entries go besides; one for an entry. */
export function auditJob(auditId: string, correlationId: string): NewJob {
  const about = { payload: { auditId }, metadata: { correlationId } };
  return { jobType: AUDIT, orgId: PLATFORM, causeId: auditId, ...about };
}

const payload = z.object({ auditId: z.string() });

const auditEntry = z.object({
  id: z.string(),
  by: z.string(),
  action: z.string(),
  target: z.string(),
  reason: z.string(),
  correlationId: z.string(),
  at: storedTime,
  outcome: z.string(),
  seen: z.number().optional(),
  done: z.number().optional(),
  skipped: z.record(z.string(), z.number()).optional(),
});

/**
 * Sends the entries of how operations ended, as they are in the audit log then; nothing where one is gone. `send` may be
 * given an entry twice, and knows it again by its id.
 */
export function createAuditHandler(deps: {
  readonly reader: Pick<DocumentReader, 'get'>;
  readonly send: (entry: z.output<typeof auditEntry>) => Promise<void>;
}): ExternalHandler {
  return {
    kind: 'external',
    jobType: AUDIT,
    policy: AUDIT_POLICY,
    onUnknownOutcome: 'retry',
    send: async (job) => {
      const { auditId } = payload.parse(job.payload);
      const { data } = await deps.reader.get(`${AUDIT_LOG}/${auditId}`);
      if (data !== undefined) await deps.send(auditEntry.parse(data));
    },
  };
}
