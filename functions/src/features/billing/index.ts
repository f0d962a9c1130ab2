export { createInvoice, recordPayment, sendInvoice } from './commands.ts';
export { billingEvents } from './events.ts';
export { matterBilling } from './matter-billing.ts';
export { invoicePath, paymentPath } from './invoice.ts';
