import { expect, test } from '@jest/globals';
import { jobId } from '#outbox';
import { contactEmail } from './contact-email.ts';
import { anEvent } from './testing/an-event.ts';

const contact = { clientId: 'client1', email: 'roe@example.test' };
const message = { subject: 'Your order', text: 'To pay', metadata: { correlationId: 'c1' } };

test('a contact gets one e-mail job of the event, under a name that is no person’s', () => {
  const job = contactEmail(anEvent(), contact, message);
  expect(job).toEqual({
    jobType: 'email',
    orgId: 'org1',
    causeId: 'event1',
    eventId: 'event1',
    eventType: 'comment.added',
    recipientUid: 'contact-client1',
    metadata: { correlationId: 'c1' },
    payload: { to: 'roe@example.test', subject: 'Your order', text: 'To pay' },
  });
  expect(jobId({ ...job, recipient: job.recipientUid })).toBe('email:org1:event1:contact-client1');
});
