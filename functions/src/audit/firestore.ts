import type { Firestore } from 'firebase-admin/firestore';
import { FieldValue } from 'firebase-admin/firestore';
import type { AuditRecords } from './audit.ts';

const AUDIT_LOG = 'audit_log';

/** The audit log in Firestore: two writes for each change. */
export function createAuditRecords(firestore: Firestore): AuditRecords {
  const log = firestore.collection(AUDIT_LOG);
  return {
    open: async (id, change) => {
      // Not create(): the id is ours alone, and the client's own second try must not find the first.
      const entry = { ...change, id, at: FieldValue.serverTimestamp() };
      return (await log.doc(id).set(entry)).writeTime.toDate();
    },
    close: async (id, outcome) => {
      await log.doc(id).update({ outcome, endedAt: FieldValue.serverTimestamp() });
    },
  };
}
