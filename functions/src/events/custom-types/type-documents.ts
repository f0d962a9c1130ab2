import { z } from 'zod';
import type { Actor } from '../event.ts';
import { withDates } from '../emit/stored-value.ts';

/** Where organizations' own types live: one list for each organization, and a document for each version. */
const EVENT_TYPES = 'event_types';

/** One of an organization's own types, at its newest version. */
export interface CustomTypeSummary {
  readonly type: string;
  /** The newest; from 1, without gaps. */
  readonly version: number;
  readonly description: string;
}

/** A version of a type; never changed once it is there. */
export interface CustomType {
  readonly type: string;
  readonly version: number;
  /** JSON Schema 2020-12 of the payload. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly registeredBy: Actor;
  /** By the server. */
  readonly registeredAt: Date;
}

const entry = z.object({
  type: z.string(),
  version: z.int(),
  description: z.string(),
  schemaHash: z.string(),
});

/** One of an organization's types as its list has it. */
export type ListEntry = z.output<typeof entry>;

const list = z.object({ types: z.array(entry) });

const version = z.object({
  type: z.string(),
  version: z.int(),
  schema: z.string().transform((text) => JSON.parse(text) as Record<string, unknown>),
  registeredBy: z.object({
    actorType: z.enum(['user', 'system', 'service']),
    actorId: z.string(),
  }),
  registeredAt: z.unknown().transform(withDates).pipe(z.date()),
});

/** Where an organization's list is. */
export function listPath(orgId: string): string {
  return `${EVENT_TYPES}/${orgId}`;
}

/** Where a version of a type is; neither ids nor types have a colon. */
export function versionPath(orgId: string, type: string, number: number): string {
  return `${EVENT_TYPES}/${orgId}:${type}:${number}`;
}

/** An organization's types, in the order of their names; none where there is no list. */
export function decodeList(data: unknown): readonly ListEntry[] {
  return data === undefined ? [] : list.parse(data).types;
}

/** A version of a type as it was registered; undefined where there is none. */
export function decodeVersion(data: unknown): CustomType | undefined {
  return data === undefined ? undefined : version.parse(data);
}
