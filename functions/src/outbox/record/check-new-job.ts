import type { Problem } from '#kernel';
import { CodedError, ENTITY_ID_RULE, isEntityId, isTypeName, TYPE_NAME_RULE } from '#kernel';
import type { NewJob } from '../model/handler.ts';

/** An id of the grammar, or one with suffixes: an operation's step, a page of a fan-out. */
const CAUSE_ID = /^(?!__)[A-Za-z0-9_-]{1,200}(?:~[A-Za-z0-9_-]{1,128})*$/;
/** What Firestore can store. */
const LAST_TIME_MS = 253_402_300_799_999;

/**
 * Refuses what would become another document than its id says, or one that nobody finds: throws
 * `invalid-input` with the path of every problem.
 */
export function checkNewJob(job: NewJob): void {
  const problems = problemsIn(job);
  if (problems.length === 0) return;
  throw new CodedError('invalid-input', 'The job cannot be recorded', problems);
}

function problemsIn({ jobType, orgId, causeId, recipientUid, place, notBefore }: NewJob) {
  const cause = 'expected 1 to 200 of A-Z a-z 0-9 _ -, and suffixes after ~';
  return [
    ...problem('jobType', isTypeName(jobType), `expected ${TYPE_NAME_RULE}`),
    ...problem('orgId', isEntityId(orgId), `expected ${ENTITY_ID_RULE}`),
    ...problem('causeId', CAUSE_ID.test(causeId), cause),
    ...problem('recipientUid', recipientUid === undefined || CAUSE_ID.test(recipientUid), cause),
    ...problem(
      'place.sequence',
      place === undefined || (Number.isSafeInteger(place.sequence) && place.sequence >= 0),
      'expected a whole number, 0 or more',
    ),
    ...problem('place.orderingKey', place?.orderingKey !== '', 'expected a text'),
    ...problem('notBefore', notBefore === undefined || isStorable(notBefore), 'expected a time'),
  ];
}

function problem(path: string, isFine: boolean, message: string): Problem[] {
  return isFine ? [] : [{ path, message }];
}

function isStorable(time: Date): boolean {
  return time.getTime() >= 0 && time.getTime() <= LAST_TIME_MS;
}
