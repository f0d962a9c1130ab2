import type { BatchHandler, JobHandler, OutboxJob } from '#outbox';
import { DEFAULT_RETRY_POLICY, PermanentError, UnroutableError } from '#outbox';
import { EventUnreadableError } from '../catalog/event-unreadable-error.ts';
import type { DomainEvent } from '../event.ts';
import type { BatchSubscription, LoadEvent, Subscription } from './subscription.ts';

/** A subscription as the engine runs it: each event is loaded when its job runs. */
export function toHandler(subscription: Subscription<DomainEvent>, load: LoadEvent): JobHandler {
  const { id: jobType, timeoutMs, onDeadLetter } = subscription;
  const policy = subscription.policy ?? DEFAULT_RETRY_POLICY;
  const declaration = { jobType, policy, timeoutMs, onDeadLetter };
  if (subscription.kind === 'transactional') {
    const { kind, ordered } = subscription;
    const transactional = { ...declaration, kind, ordered };
    if ('transact' in subscription) {
      return {
        ...transactional,
        transact: async (job, transaction, context) =>
          subscription.transact(await eventOf(job, load), transaction, job, context),
      };
    }
    return {
      ...transactional,
      handle: async (job, context) => subscription.handle(await eventOf(job, load), job, context),
    };
  }
  const { kind, onUnknownOutcome, sink } = subscription;
  if ('sendBatch' in subscription) {
    const { maxBatchSize } = subscription;
    const sendBatch = sendBatchOf(subscription, load);
    return { ...declaration, kind, onUnknownOutcome, sink, maxBatchSize, sendBatch };
  }
  return {
    ...declaration,
    kind,
    onUnknownOutcome,
    sink,
    ordered: subscription.ordered,
    send: async (job, context) => subscription.send(await eventOf(job, load), job, context),
  };
}

/** A job whose event cannot be loaded has that for its outcome, and the others go without it. */
function sendBatchOf(
  subscription: BatchSubscription<DomainEvent>,
  load: LoadEvent,
): BatchHandler['sendBatch'] {
  return async (jobs, context) => {
    const loads = await Promise.allSettled(
      jobs.map(async (job) => ({ event: await eventOf(job, load), job })),
    );
    const deliveries = loads.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const sent = deliveries.length === 0 ? [] : await subscription.sendBatch(deliveries, context);
    // The engine tells from the number of outcomes that they cannot be told apart.
    if (sent.length !== deliveries.length) return sent;
    const outcomes = new Map(deliveries.map(({ job }, index) => [job, sent[index]]));
    return loads.flatMap((one) => {
      const outcome = one.status === 'rejected' ? one : outcomes.get(one.value.job);
      return outcome === undefined ? [] : [outcome];
    });
  };
}

async function eventOf(job: OutboxJob, load: LoadEvent): Promise<DomainEvent> {
  const { eventId } = job;
  const event = eventId === undefined ? undefined : await load(eventId).catch(asJobError);
  if (event === undefined) {
    throw new PermanentError('The event of this job is not in domain_events.', {
      code: 'event-missing',
    });
  }
  return event;
}

/** What this code does not know, newer code may; its own upcaster will fail again. */
function asJobError(error: unknown): never {
  if (!(error instanceof EventUnreadableError)) throw error;
  const { message, code, isUnknown } = error;
  const JobError = isUnknown ? UnroutableError : PermanentError;
  throw new JobError(message, { code, cause: error });
}
