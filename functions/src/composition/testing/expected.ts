import { expect } from '@jest/globals';
import { Timestamp } from 'firebase-admin/firestore';

/** Any time, as Firestore stores it. */
export const TIME: unknown = expect.any(Timestamp);

/** The head of a stream at this version. */
export function headAt(version: number): unknown {
  return { version, hash: expect.stringMatching(/^[0-9a-f]{64}$/), by: expect.any(String) };
}

/** An id that a command made. */
export const NEW_ID: string = expect.stringMatching(/^[0-9a-f]{20}$/) as unknown as string;

/** Who reacts to an event: people are told of everything, and read models are made of some. */
export function jobTypesOf(eventType: string): string[] {
  if (eventType.startsWith('invoice.')) return ['notif', 'matter_billing'];
  if (/^(consent|dnc)\./.test(eventType)) return ['notif', 'phone_compliance'];
  if (/^(compliance|call)\./.test(eventType)) {
    return ['notif', 'phone_compliance', 'call_statistics'];
  }
  return eventType === 'order.checkout_sent' ? ['notif', 'order_checkout'] : ['notif'];
}
