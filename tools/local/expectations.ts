import type { Deliveries, EventRecord, JobRecord } from './deliveries.ts';

export interface Participant {
  readonly uid: string;
  readonly name: string;
  readonly email: string;
}

export interface Expectation {
  readonly participants: readonly Participant[];
  /** Without the tick nobody retries: what failed once stays pending. */
  readonly hasRetries: boolean;
  /** What the scenario emits, by type: all of it, and nothing else. */
  readonly events: Readonly<Record<string, ExpectedEvents>>;
}

export interface ExpectedEvents {
  readonly count: number;
  /** Who must hear of each of them, and nobody else. */
  readonly told: readonly Participant[];
  /** Who hears of it or not, by what is true when its job happens to run. */
  readonly mayBeTold?: readonly Participant[];
}

const EMAIL = 'email';

/** How often the log e-mail sender refuses a message to this address before it takes it. */
export function countRefusals(email: string): number {
  return Number(/\+fail(\d+)@/.exec(email)?.[1] ?? 0);
}

/** Whether nothing more will happen to any job, as far as this run can bring it. */
export function isSettled({ events, jobs }: Deliveries, expectation: Expectation): boolean {
  return events.length > 0 && jobs.every((job) => isDone(job, expectation));
}

function isDone(job: JobRecord, expectation: Expectation): boolean {
  if (job.status === 'pending') return job.attempts > 0 && awaitsRetryForEver(job, expectation);
  return job.status !== 'processing';
}

function awaitsRetryForEver(job: JobRecord, expectation: Expectation): boolean {
  return !expectation.hasRetries && expectedRefusals(job, expectation) > 0;
}

function expectedRefusals(
  { jobType, recipientUid }: JobRecord,
  { participants }: Expectation,
): number {
  const recipient = participants.find(({ uid }) => uid === recipientUid);
  return recipient === undefined || jobType !== EMAIL ? 0 : countRefusals(recipient.email);
}

/** What did not happen as it should, each in a sentence; empty when all is well. */
export function findProblems(deliveries: Deliveries, expectation: Expectation): string[] {
  return [
    ...findWrongCounts(deliveries.events, expectation),
    ...deliveries.events.flatMap((event) => findMissingJobs(event, deliveries.jobs)),
    ...deliveries.jobs.flatMap((job) => findJobProblems(job, expectation)),
    ...findMissingEmails(deliveries, expectation),
    ...findToldActors(deliveries, expectation),
    ...findWrongRecipients(deliveries, expectation),
  ];
}

function findWrongCounts(
  events: readonly EventRecord[],
  { events: expectedEvents }: Expectation,
): string[] {
  const types = new Set([
    ...Object.keys(expectedEvents),
    ...events.map(({ eventType }) => eventType),
  ]);
  return [...types].flatMap((type) => {
    const expected = expectedEvents[type]?.count ?? 0;
    const count = events.filter(({ eventType }) => eventType === type).length;
    return count === expected
      ? []
      : [`${type}: ${String(count)} events instead of ${String(expected)}`];
  });
}

function findMissingJobs(event: EventRecord, jobs: readonly JobRecord[]): string[] {
  const own = new Set(
    jobs.filter(({ eventId }) => eventId === event.eventId).map(({ jobType }) => jobType),
  );
  if (event.jobTypes.length === 0)
    return [`${event.eventType}: the event was written without any job`];
  return event.jobTypes
    .filter((jobType) => !own.has(jobType))
    .map((jobType) => `${event.eventType}: its job ${jobType} is not in the outbox`);
}

function findJobProblems(job: JobRecord, expectation: Expectation): string[] {
  const refusals = expectedRefusals(job, expectation);
  const isLeftPending = refusals > 0 && !expectation.hasRetries;
  const status = isLeftPending ? 'pending' : 'sent';
  const attempts = isLeftPending ? 1 : refusals + 1;
  if (job.status === status && job.attempts === attempts) return [];
  const found = `${job.status} after ${String(job.attempts)} attempts`;
  const cause = job.lastErrorCode === undefined ? '' : ` (${job.lastErrorCode})`;
  return [`${job.id}: ${found}${cause} instead of ${status} after ${String(attempts)}`];
}

function findMissingEmails(
  { jobs, notifications }: Deliveries,
  expectation: Expectation,
): string[] {
  const emails = countBy(jobs.filter(({ jobType }) => jobType === EMAIL));
  const wanted = countBy(notifications);
  return [...wanted].flatMap(([key, count]) => {
    if (emails.get(key) === count) return [];
    const [eventType = '', uid = ''] = key.split(' ');
    const sent = `${String(emails.get(key) ?? 0)} e-mails for ${String(count)} notifications`;
    return [`${eventType}: ${nameOf(uid, expectation)} gets ${sent}`];
  });
}

function countBy(
  records: readonly { readonly eventType: string; readonly recipientUid?: string | undefined }[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { eventType, recipientUid = '' } of records) {
    const key = keyOf(eventType, recipientUid);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function keyOf(eventType: string, recipientUid: string): string {
  return `${eventType} ${recipientUid}`;
}

function findToldActors({ events, notifications }: Deliveries, expectation: Expectation): string[] {
  return notifications.flatMap(({ eventType, recipientUid }) => {
    const own = events.filter((event) => event.eventType === eventType);
    const isActor = own.length > 0 && own.every(({ actorId }) => actorId === recipientUid);
    if (!isActor) return [];
    return [`${eventType}: ${nameOf(recipientUid, expectation)} did it and was told of it`];
  });
}

function findWrongRecipients({ notifications }: Deliveries, expectation: Expectation): string[] {
  const counts = countBy(notifications);
  return Object.entries(expectation.events).flatMap(([type, { count, told, mayBeTold = [] }]) => {
    const problems = told.flatMap(({ uid, name }) => {
      const heard = counts.get(keyOf(type, uid)) ?? 0;
      if (heard === count) return [];
      if (heard === 0) return [`${type}: ${name} was not told`];
      return [`${type}: ${name} was told of ${String(heard)} instead of ${String(count)}`];
    });
    const mayHear = new Set([...told, ...mayBeTold].map(({ uid }) => uid));
    const others = notifications
      .filter(({ eventType, recipientUid }) => eventType === type && !mayHear.has(recipientUid))
      .map(({ recipientUid }) => nameOf(recipientUid, expectation));
    const extra = [...new Set(others)].map((name) => `${type}: ${name} was told but should not be`);
    return [...problems, ...extra];
  });
}

export function nameOf(uid: string, { participants }: Pick<Expectation, 'participants'>): string {
  return participants.find((participant) => participant.uid === uid)?.name ?? uid;
}
