import { z } from 'zod';
import type { Command, StreamEvent } from '#events';
import { commandsFor, entityId, readProjection } from '#events';
import { callStatistics, keysOfDay, sumOf } from './call-statistics.ts';
import type { ComplianceEvent } from './events.ts';
import { phone } from './phone.ts';
import { NOTHING_KNOWN, phoneCompliance } from './phone-compliance.ts';
import type { PhoneNumberInput } from './phone-number.ts';
import { phoneHashIn } from './phone-number.ts';
import type { PhoneStatus } from './phone-status.ts';
import { phoneStatusAt } from './phone-status.ts';

const defineQuestion = commandsFor<ComplianceEvent>();
type Question<Answer extends Readonly<Record<string, unknown>>> = Command<
  ComplianceEvent,
  z.ZodObject,
  Answer
>;

/** A part of a phone's events, in order. */
type TrailPage = {
  readonly phoneNumberHash: string;
  readonly events: readonly TrailEntry[];
  /** Where the next page begins; null where this is the last. */
  readonly nextVersion: number | null;
};

/** One event of a phone; times are ISO 8601 texts in UTC, in its payload too. */
type TrailEntry = {
  readonly version: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly recordedAt: string;
  readonly actorType: 'user' | 'system' | 'service';
  readonly actorId: string;
  readonly correlationId: string;
  readonly payload: unknown;
  readonly contentHash: string;
  readonly previousHash: string | null;
};

/** What can be asked of a phone by its number. Nothing is written. */
export function phoneQuestions(phoneNumber: PhoneNumberInput): {
  readonly readPhoneStatus: Question<PhoneStatus & { readonly phoneNumberHash: string }>;
  readonly readPhoneTrail: Question<TrailPage>;
} {
  /** How it stands now, by the read model: what happened a moment ago may be missing. For members. */
  const readPhoneStatus = defineQuestion({
    name: 'readPhoneStatus',
    isQuestion: true,
    input: z.strictObject({ orgId: entityId, phoneNumber }),
    run: async ({ tx, access, caller, nowMs }, { orgId, phoneNumber: token }) => {
      await access.requireMember(tx, orgId, caller.uid);
      const phoneNumberHash = phoneHashIn(orgId, token);
      const known = await readProjection(tx, phoneCompliance, { orgId, key: phoneNumberHash });
      return { phoneNumberHash, ...phoneStatusAt(known ?? NOTHING_KNOWN, nowMs) };
    },
  });

  /** All that ever happened, in order, from the log itself, page by page. For admins. */
  const readPhoneTrail = defineQuestion({
    name: 'readPhoneTrail',
    isQuestion: true,
    input: z.strictObject({
      orgId: entityId,
      phoneNumber,
      fromVersion: z.int().min(1).max(999_999_999).default(1),
      limit: z.int().min(1).max(100).default(50),
    }),
    run: async ({ tx, access, caller, loadStream }, { orgId, fromVersion, limit, ...input }) => {
      await access.requireAdmin(tx, orgId, caller.uid);
      const phoneNumberHash = phoneHashIn(orgId, input.phoneNumber);
      const stream = { orgId, entityType: phone.entityType, entityId: phoneNumberHash };
      const events: TrailEntry[] = [];
      // One more than the page, to know whether there is another.
      const toVersion = Math.min(fromVersion + limit, 999_999_999);
      for await (const event of loadStream(stream, { fromVersion, toVersion })) {
        events.push(trailEntry(event));
      }
      const nextVersion = events.length > limit ? fromVersion + limit : null;
      return { phoneNumberHash, events: events.slice(0, limit), nextVersion };
    },
  });

  return { readPhoneStatus, readPhoneTrail };
}

/** How many calls there were on a day (UTC), by the read model. For admins. */
export const readCallStatistics = defineQuestion({
  name: 'readCallStatistics',
  isQuestion: true,
  input: z.strictObject({ orgId: entityId, day: z.iso.date() }),
  run: async ({ tx, access, caller }, { orgId, day }) => {
    await access.requireAdmin(tx, orgId, caller.uid);
    const parts = keysOfDay(day).map((key) => readProjection(tx, callStatistics, { orgId, key }));
    return { day, ...sumOf(await Promise.all(parts)) };
  },
});

function trailEntry(event: StreamEvent): TrailEntry {
  const { streamVersion, eventId, eventType, recordedAtMs, actor, metadata, contentHash } = event;
  return {
    version: streamVersion,
    eventId,
    eventType,
    recordedAt: new Date(recordedAtMs).toISOString(),
    actorType: actor.actorType,
    actorId: actor.actorId,
    correlationId: metadata.correlationId,
    payload: asJson(event.payload),
    contentHash,
    previousHash: event.previousHash ?? null,
  };
}

/** Times as texts, as they go over the wire. */
function asJson(payload: unknown): unknown {
  return JSON.parse(JSON.stringify(payload)) as unknown;
}
