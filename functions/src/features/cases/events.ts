import { z } from 'zod';
import { defineEvent, fields } from '#events';

const caseOpened = defineEvent({
  type: 'case.opened',
  version: 1,
  payload: z.strictObject({ paymentId: fields.id }),
  aliases: ['CaseOpened'],
  description: 'A case was opened, by the payment that pays for it and by nothing else.',
  example: { paymentId: 'payment123' },
});

export const caseEvents = [caseOpened] as const;
