import { messageOf } from '#kernel';
import { jobIdsOf } from '../emit/plan-event.ts';
import { contentHash } from '../emit/content-hash.ts';
import { EventUnreadableError } from '../catalog/event-unreadable-error.ts';
import type { DomainEvent } from '../event.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { Row } from './stored-row.ts';

/** What is wrong with an event by itself: its content hash, and its payload by its type's schema. */
export function checkEvent(
  row: Row,
  atNewest: (stored: DomainEvent) => DomainEvent,
): readonly Finding[] {
  const { event, payload } = row;
  if (event === undefined) return row.findings;
  return [...row.findings, ...checkContent(event, payload), ...checkSchema(event, atNewest)];
}

function checkContent(event: DomainEvent, payload: unknown): Finding[] {
  const { eventId, contentHash: stored } = event;
  const found = hashOf(event, payload);
  if (found === stored) return [];
  return [finding('content-hash', eventId, { expected: stored.slice(0, 100), found })];
}

/** Of the payload as it is stored: decoded, its times have milliseconds only. */
function hashOf(event: DomainEvent, payload: unknown): string {
  try {
    return contentHash({ ...event, payload });
  } catch (error) {
    return `none: ${messageOf(error)}`;
  }
}

function checkSchema(
  event: DomainEvent,
  atNewest: (stored: DomainEvent) => DomainEvent,
): Finding[] {
  const { eventId, eventType, schemaVersion } = event;
  const name = `${eventType.slice(0, 100)} version ${schemaVersion}`;
  try {
    atNewest(event);
    return [];
  } catch (error) {
    if (!(error instanceof EventUnreadableError)) throw error;
    const { problems } = error;
    const isUnknown = problems.every(({ path }) => path === 'eventType' || isTooNew(path, error));
    const found = problems.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
    const expected = isUnknown ? 'a type and version of the catalog' : `a payload of ${name}`;
    return [
      finding(isUnknown ? 'unknown-type' : 'schema', eventId, {
        expected,
        found: isUnknown ? name : found.join('; '),
      }),
    ];
  }
}

function isTooNew(path: string, { isUnknown }: EventUnreadableError): boolean {
  return path === 'schemaVersion' && isUnknown;
}

/** What is wrong with an event whose jobs have to be there still. */
export function checkJobs(event: DomainEvent, isThere: (jobId: string) => boolean): Finding[] {
  const { eventId, orgId, jobTypes } = event;
  const ids = jobIdsOf(orgId, eventId, jobTypes);
  const missing = jobTypes.filter((_, index) => !isThere(ids[index] ?? ''));
  if (missing.length === 0) return [];
  const some = missing.slice(0, 10).join(', ');
  const found = `none for ${missing.length} of its job types: ${some}`;
  return [
    finding('missing-job', eventId, {
      expected: `a job for each of its ${jobTypes.length} job types`,
      found,
    }),
  ];
}
