import type { EventOf } from '#events';
import { aggregateOf } from '#events';
import { CodedError, ownValue } from '#kernel';
import { callEvent } from './call-event.ts';
import type { CallStep } from './call-event.ts';
import type { PhoneState } from './decide-call.ts';
import type { ComplianceEvent } from './events.ts';
import { complianceEvents } from './events.ts';

type PayloadOf<Type extends ComplianceEvent['type']> = EventOf<ComplianceEvent, Type>['payload'];

/** What is to happen with a phone, and the server's time when it does. */
export type PhoneCommand = { readonly nowMs: number } & (
  | { readonly kind: 'grant'; readonly payload: PayloadOf<'consent.granted'> }
  | { readonly kind: 'revoke'; readonly payload: PayloadOf<'consent.revoked'> }
  | { readonly kind: 'check'; readonly payload: PayloadOf<'dnc.check_performed'> }
  | { readonly kind: 'call'; readonly call: CallStep }
);

/** Kinds of consent, each in its channels, that one phone may have: its state is kept whole. */
const MAX_CONSENTS = 50;

/** Everything about one phone of one organization, in the order it happened: its stream is the audit trail. */
export const phone = aggregateOf(complianceEvents)({
  entityType: 'phone',
  schemaVersion: 1,
  initial: (): PhoneState => ({ consents: {}, isOnDnc: null }),
  evolve: (state, event) => {
    switch (event.eventType) {
      case 'consent.granted': {
        const { consentType, channel, expiresAt = null } = event.payload;
        const channels = { ...ownValue(state.consents, consentType), [channel]: expiresAt };
        return { ...state, consents: { ...state.consents, [consentType]: channels } };
      }
      case 'consent.revoked': {
        const { [event.payload.consentType]: _, ...consents } = state.consents;
        return { ...state, consents };
      }
      case 'dnc.check_performed':
        return { ...state, isOnDnc: event.payload.isOnDnc };
      case 'compliance.violation_detected':
      case 'call.created':
      case 'call.attempted':
      case 'call.started':
        return state;
    }
  },
  decide: (state, command: PhoneCommand) => {
    const { nowMs } = command;
    const occurredAt = new Date(nowMs);
    switch (command.kind) {
      case 'grant': {
        const { payload } = command;
        requireFuture(payload.expiresAt, nowMs);
        requireRoom(state, payload);
        return [{ eventType: 'consent.granted', occurredAt, payload }];
      }
      case 'revoke': {
        const { payload } = command;
        requireConsent(state, payload.consentType);
        return [{ eventType: 'consent.revoked', occurredAt, payload }];
      }
      case 'check':
        return [{ eventType: 'dnc.check_performed', occurredAt, payload: command.payload }];
      case 'call':
        return [callEvent(state, command.call, nowMs)];
    }
  },
});

function requireFuture(expiresAt: Date | undefined, nowMs: number): void {
  if (expiresAt === undefined || expiresAt.getTime() > nowMs) return;
  throw new CodedError('failed-precondition', 'The consent would have ended already.');
}

function requireRoom(
  { consents }: PhoneState,
  { consentType, channel }: PayloadOf<'consent.granted'>,
): void {
  const count = Object.values(consents).flatMap((channels) => Object.keys(channels)).length;
  const channels = ownValue(consents, consentType) ?? {};
  if (Object.hasOwn(channels, channel) || count < MAX_CONSENTS) return;
  const message = `A phone has at most ${MAX_CONSENTS} consents, counted by kind and channel.`;
  throw new CodedError('failed-precondition', message);
}

function requireConsent({ consents }: PhoneState, consentType: string): void {
  if (Object.hasOwn(consents, consentType)) return;
  throw new CodedError('failed-precondition', 'There is no such consent to be revoked.');
}
