import { z } from 'zod';
import type { DocumentTransaction, Problem } from '#kernel';
import { CodedError, hashParts, isTypeName, SERVER_TIME, TYPE_NAME_RULE } from '#kernel';
import { canonicalText } from '../emit/canonical.ts';
import type { Actor } from '../event.ts';
import { entityId } from '../identifiers.ts';
import { CUSTOM_PREFIX, isCustomType } from './custom-event.ts';
import type { ListEntry } from './type-documents.ts';
import { decodeList, listPath, versionPath } from './type-documents.ts';

/** Types that one organization may have, and versions of one type. */
const MAX_TYPES = 100;
const MAX_VERSIONS = 100;
const MAX_DESCRIPTION_LENGTH = 500;

/** What an organization says of a type of its own. */
export interface CustomTypeInput {
  /** `custom.` and a name of the same grammar as every type: `custom.order_placed`. */
  readonly type: string;
  /** JSON Schema 2020-12 of the payload, as parsed JSON. */
  readonly schema: unknown;
  /** What happened, for people; 1–500 characters. */
  readonly description: string;
}

/** As an event's. What is stored with another could not be read again. */
const actor = z.object({ actorType: z.enum(['user', 'system', 'service']), actorId: entityId });

/** Everything wrong with a registration but its schema. */
export function problemsInRegistration(
  orgId: string,
  input: CustomTypeInput,
  by: Actor,
): Problem[] {
  const { type, description } = input;
  const isName = typeof type === 'string' && isTypeName(type) && isCustomType(type);
  const isDescription = text(description) && description.length <= MAX_DESCRIPTION_LENGTH;
  return [
    ...(entityId.safeParse(orgId).success ? [] : [{ path: 'orgId', message: 'not an id' }]),
    ...(isName
      ? []
      : [{ path: 'type', message: `expected ${CUSTOM_PREFIX} and then ${TYPE_NAME_RULE}` }]),
    ...(actor.safeParse(by).success
      ? []
      : [{ path: 'actor', message: 'expected an actorType and an actorId' }]),
    ...(isDescription
      ? []
      : [{ path: 'description', message: `expected 1 to ${MAX_DESCRIPTION_LENGTH} characters` }]),
  ];
}

/**
 * Writes a type's new version and its organization's list, or only the list for a new description, or
 * nothing where both are as they were. Answers the version that is the newest then.
 */
export async function registerIn(
  tx: DocumentTransaction,
  orgId: string,
  input: CustomTypeInput,
  { actorType, actorId }: Actor,
): Promise<number> {
  const { type, description, schema } = input;
  const entries = decodeList((await tx.get(listPath(orgId))).data);
  const before = entries.find((entry) => entry.type === type);
  const schemaHash = hashParts(canonicalText(schema));
  const isSame = before?.schemaHash === schemaHash;
  if (isSame && before.description === description) return before.version;

  const version = isSame ? before.version : (before?.version ?? 0) + 1;
  refuseTooMany(entries, version);
  const others = entries.filter((entry) => entry !== before);
  const types = [...others, { type, version, description, schemaHash }].toSorted(byType);
  tx.merge(listPath(orgId), { orgId, types, updatedAt: SERVER_TIME });
  if (isSame) return version;
  tx.create(versionPath(orgId, type, version), {
    orgId,
    type,
    version,
    // As text: names and nesting that Firestore does not take are a schema's right.
    schema: JSON.stringify(schema),
    registeredBy: { actorType, actorId },
    registeredAt: SERVER_TIME,
  });
  return version;
}

function text(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function refuseTooMany(entries: readonly ListEntry[], version: number): void {
  if (version === 1 && entries.length >= MAX_TYPES) {
    const message = `An organization can have ${MAX_TYPES} types of its own.`;
    throw new CodedError('failed-precondition', message);
  }
  if (version > MAX_VERSIONS) {
    const message = `A type can have ${MAX_VERSIONS} versions. Register another type.`;
    throw new CodedError('failed-precondition', message);
  }
}

function byType(a: ListEntry, b: ListEntry): number {
  return a.type < b.type ? -1 : 1;
}
