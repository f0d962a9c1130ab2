import { complianceCommands } from '../features/compliance/index.ts';
import { readPhoneHashKey } from './params.ts';

export { addComment, deleteComment, updateComment } from '../features/comments/index.ts';
export {
  createInvoice,
  recordPayment,
  sendInvoice,
  voidInvoice,
} from '../features/billing/index.ts';
export { createClient } from '../features/clients/index.ts';
export { uploadDocument } from '../features/documents/index.ts';
export {
  markShipmentDelivered,
  markShipmentInTransit,
  markShipmentReady,
} from '../features/fulfillment/index.ts';
export { addMatterMember, createMatter, updateMatter } from '../features/matters/index.ts';
export { createOrder, sendCheckout } from '../features/orders/index.ts';
export {
  addMember,
  changeMemberRole,
  createOrganization,
  removeMember,
} from '../features/organizations/index.ts';
export { assignTask, completeTask, createTask, updateTask } from '../features/tasks/index.ts';
export const {
  grantConsent,
  revokeConsent,
  recordDncCheck,
  createCall,
  attemptCall,
  startCall,
  readPhoneStatus,
  readPhoneTrail,
  readCallStatistics,
} = complianceCommands(readPhoneHashKey);
