import { z } from 'zod';
import { defineEvent, fields } from '#events';

const documentUploaded = defineEvent({
  type: 'document.uploaded',
  version: 1,
  payload: z.strictObject({
    matterId: fields.id,
    name: fields.label,
    contentType: fields.label,
    sizeBytes: fields.count,
  }),
  description: 'A document was added to a matter.',
  example: {
    matterId: 'matter123',
    name: 'contract.pdf',
    contentType: 'application/pdf',
    sizeBytes: 48_213,
  },
});

export const documentEvents = [documentUploaded] as const;
export type DocumentEvent = (typeof documentEvents)[number];
