import type { Audited, SendAudit } from '../audit/index.ts';
import { createAudited, createCloudLoggingSender } from '../audit/index.ts';
import { createAuditRecords } from '../audit/firestore.ts';
import type { Firestore } from 'firebase-admin/firestore';
import type { Logger } from '#kernel';
import { systemIds } from '#kernel';

/** Changes by operators, each with its entry in `audit_log`; `send`: where entries go besides. */
export function buildAudited(firestore: Firestore, logger: Logger, send: SendAudit): Audited {
  const records = createAuditRecords(firestore);
  return createAudited({ records, send, ids: systemIds, logger });
}

/** To Cloud Logging; where the database is the emulator's, as in tests, a line of the function's own log. */
export function auditSender(logger: Logger): SendAudit {
  if (process.env['FIRESTORE_EMULATOR_HOST'] === undefined) return createCloudLoggingSender();
  return (entry) => {
    logger.write({ severity: 'INFO', message: 'audited change', ...entry });
    return Promise.resolve();
  };
}
