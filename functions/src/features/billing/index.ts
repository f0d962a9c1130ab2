export { createInvoice, sendInvoice, voidInvoice } from './commands.ts';
export { billingEvents } from './events.ts';
export { invoicePath, paymentPath } from './invoice.ts';
export { issueInvoice } from './issue-invoice.ts';
export type { MarkOverdueInvoices } from './mark-overdue.ts';
export { matterBilling } from './matter-billing.ts';
export { receivePayment, recordPayment } from './record-payment.ts';
