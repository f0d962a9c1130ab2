export type { Audience, Recipient } from './audience.ts';
export { createLogSender } from './channels/log-sender.ts';
export { contactEmail } from './contact-email.ts';
export type { Contact } from './contact-email.ts';
export { createEmailHandler } from './email.ts';
export type { EmailSender } from './email.ts';
export { createNotifSubscription } from './notif.ts';
