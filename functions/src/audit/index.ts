export { createAudited } from './audit.ts';
export type { Audited, SendAudit } from './audit.ts';
export { createCloudLoggingSender } from './channels/cloud-logging.ts';
