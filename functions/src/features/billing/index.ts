export { createInvoice, recordPayment, sendInvoice } from './commands.ts';
export { billingEvents } from './events.ts';
