export { addComment } from './entrypoints/add-comment.ts';
export { addMatterMember } from './entrypoints/add-matter-member.ts';
export { addMember } from './entrypoints/add-member.ts';
export { api } from './entrypoints/api.ts';
export { assignTask } from './entrypoints/assign-task.ts';
export { attemptCall } from './entrypoints/attempt-call.ts';
export { changeMemberRole } from './entrypoints/change-member-role.ts';
export { completeTask } from './entrypoints/complete-task.ts';
export { createCall } from './entrypoints/create-call.ts';
export { createClient } from './entrypoints/create-client.ts';
export { createInvoice } from './entrypoints/create-invoice.ts';
export { createMatter } from './entrypoints/create-matter.ts';
export { createOrder } from './entrypoints/create-order.ts';
export { createOrganization } from './entrypoints/create-organization.ts';
export { createTask } from './entrypoints/create-task.ts';
export { dailyMaintenance } from './entrypoints/daily-maintenance.ts';
export { deleteComment } from './entrypoints/delete-comment.ts';
export { grantConsent } from './entrypoints/grant-consent.ts';
export { markShipmentDelivered } from './entrypoints/mark-shipment-delivered.ts';
export { markShipmentInTransit } from './entrypoints/mark-shipment-in-transit.ts';
export { markShipmentReady } from './entrypoints/mark-shipment-ready.ts';
export { onDomainEventCreated } from './entrypoints/on-domain-event-created.ts';
export { outboxProcessor } from './entrypoints/outbox-processor.ts';
export { outboxWorker } from './entrypoints/outbox-worker.ts';
export { paymentsWebhook } from './entrypoints/payments-webhook.ts';
export { readCallStatistics } from './entrypoints/read-call-statistics.ts';
export { readPhoneStatus } from './entrypoints/read-phone-status.ts';
export { readPhoneTrail } from './entrypoints/read-phone-trail.ts';
export { recordDncCheck } from './entrypoints/record-dnc-check.ts';
export { recordPayment } from './entrypoints/record-payment.ts';
export { removeMember } from './entrypoints/remove-member.ts';
export { revokeConsent } from './entrypoints/revoke-consent.ts';
export { sendCheckout } from './entrypoints/send-checkout.ts';
export { sendInvoice } from './entrypoints/send-invoice.ts';
export { startCall } from './entrypoints/start-call.ts';
export { updateComment } from './entrypoints/update-comment.ts';
export { updateMatter } from './entrypoints/update-matter.ts';
export { updateTask } from './entrypoints/update-task.ts';
export { uploadDocument } from './entrypoints/upload-document.ts';
export { voidInvoice } from './entrypoints/void-invoice.ts';
export {
  emitBatch,
  emitDomainEventWithOutbox,
  getBackoffMs,
  outboxIdempotencyKeyForEvent,
} from './composition/index.ts';
