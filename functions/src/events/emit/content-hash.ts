import { hashParts } from '#kernel';
import type { EventContent } from '../event.ts';
import { canonicalText } from './canonical.ts';

/** What makes two emits the same event, whatever their metadata: the fields a second emit must repeat. */
export function sameness(event: EventContent): string {
  const { orgId, eventType, entityType, entityId, actor, payload, matterId } = event;
  return canonicalText({
    orgId,
    eventType,
    entityType,
    entityId,
    actor,
    payload,
    matterId: matterId ?? null,
  });
}

/** SHA-256 of all that an event says, as Firestore stores it: what integrity checks recompute. */
export function contentHash(event: EventContent): string {
  const { schemaVersion, streamVersion, related, occurredAt } = event;
  const rest = canonicalText({
    schemaVersion,
    streamVersion: streamVersion ?? null,
    related,
    occurredAt: occurredAt ?? null,
  });
  return hashParts(sameness(event), rest);
}

/** The hash of a stream up to and with one event; '' stands for the hash before its first. */
export function chainHash(previousHash: string, version: number, content: string): string {
  return hashParts(previousHash, String(version), content);
}
