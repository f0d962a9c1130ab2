export { addComment, deleteComment, updateComment } from '../features/comments/index.ts';
export { createInvoice, recordPayment, sendInvoice } from '../features/billing/index.ts';
export { addMatterMember, createMatter } from '../features/matters/index.ts';
export { addMember, createOrganization } from '../features/organizations/index.ts';
