import { z } from 'zod';
import type { DocumentData } from '#kernel';
import { CodedError } from '#kernel';
import type { CallStep } from './call-event.ts';

const callDocument = z.object({
  orgId: z.string(),
  callId: z.string(),
  consentType: z.string(),
  fromNumberHash: z.string(),
  toNumberHash: z.string(),
  status: z.enum(['created', 'attempted', 'started']),
});

/** A call as its document says: whose phone it is to, and how far it came. */
export type Call = z.output<typeof callDocument>;

export function callPath(callId: string): string {
  return `calls/${callId}`;
}

/** Throws `not-found` unless the document is a call of this organization. */
export function requireCall(data: DocumentData | undefined, orgId: string): Call {
  const result = callDocument.safeParse(data);
  if (result.success && result.data.orgId === orgId) return result.data;
  throw new CodedError('not-found', 'There is no such call.');
}

/** Throws for a call that was put through, which is the end of it, and for one put through without an attempt. */
export function requireStep({ status }: Call, step: CallStep['step']): void {
  if (status === 'started') {
    throw new CodedError('failed-precondition', 'The call was put through already.');
  }
  if (step === 'started' && status !== 'attempted') {
    throw new CodedError('failed-precondition', 'The call was not attempted yet.');
  }
}
