import type { ExpectedOutcome, Refusal } from '../../../composition/testing/command-case.ts';
import { headAt } from '../../../composition/testing/expected.ts';
import {
  inAnotherOrganization,
  malformed,
  refusedTo,
} from '../../../composition/testing/refusals.ts';
import { PHONES } from '../../../composition/testing/world-calls.ts';
import type { World } from '../../../composition/testing/world.ts';
import { streamHash } from '../../../events/streams/stream.ts';
import { phoneHash } from './phone-hash.ts';

export const inNone: Refusal = {
  why: 'in no organization',
  code: 'permission-denied',
  said: () => ({ orgId: 'nowhere' }),
};
/** Whoever is no member of the organization. */
export const notMembers = [...['finn', 'zoe', 'joe'].map(refusedTo), inAnotherOrganization, inNone];
const noNumbers = ['', '030 901820', '+49', '+1 202 555 0100 ext. 5', 'call +49 30 901820'];
export const badNumbers = (field: string): Refusal[] =>
  noNumbers.map((text) => malformed(`${text} for its ${field}`, { [field]: text }, [field]));
const noWords = ['', 'Voice', 'a b', 'a.b', '__proto__', 'x'.repeat(101), 'x493090182012'];
export const badWords = (field: string): Refusal[] =>
  noWords.map((text) => malformed(`${text} for its ${field}`, { [field]: text }, [field]));
const noRemarks = [' ', 'x'.repeat(501), 'asked on +49 (30) 901 82-0', '4930901820'];
export const badRemarks = (field: string): Refusal[] =>
  noRemarks.map((text) => malformed(`${text} for its ${field}`, { [field]: text }, [field]));

export function ofPhone({ orgId }: World): { orgId: string; phoneNumber: string } {
  return { orgId, phoneNumber: PHONES.created };
}

/** What comes of an event of a phone, in a stream that is without a document of its own. */
export function happened(
  { orgId }: World,
  { number, version, ...event }: Happening,
): Pick<ExpectedOutcome, 'orgId' | 'events' | 'documents'> {
  const entity = { entityType: 'phone', entityId: phoneHash(orgId, number) };
  const head = `streams/${streamHash({ orgId, ...entity })}`;
  return {
    orgId,
    events: [{ ...entity, ...event, streamVersion: version, isTimed: true }],
    documents: { [head]: { stream: headAt(version) } },
  };
}

interface Happening {
  readonly number: string;
  readonly version: number;
  readonly eventType: string;
  readonly payload: unknown;
  readonly parents?: readonly string[];
}
