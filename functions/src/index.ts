export { addComment } from './entrypoints/add-comment.ts';
export { addMatterMember } from './entrypoints/add-matter-member.ts';
export { addMember } from './entrypoints/add-member.ts';
export { createInvoice } from './entrypoints/create-invoice.ts';
export { createMatter } from './entrypoints/create-matter.ts';
export { createOrganization } from './entrypoints/create-organization.ts';
export { dailyMaintenance } from './entrypoints/daily-maintenance.ts';
export { deleteComment } from './entrypoints/delete-comment.ts';
export { onDomainEventCreated } from './entrypoints/on-domain-event-created.ts';
export { outboxProcessor } from './entrypoints/outbox-processor.ts';
export { outboxWorker } from './entrypoints/outbox-worker.ts';
export { recordPayment } from './entrypoints/record-payment.ts';
export { sendInvoice } from './entrypoints/send-invoice.ts';
export { updateComment } from './entrypoints/update-comment.ts';
export {
  emitBatch,
  emitDomainEventWithOutbox,
  getBackoffMs,
  outboxIdempotencyKeyForEvent,
} from './composition/index.ts';
