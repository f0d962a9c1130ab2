import { failSpan, inSpan } from '#kernel';
import type { OutboxJob } from '../model/job.ts';
import type { RunEnd } from './settle-run.ts';

// Named as https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ names them.

/** Runs and settles one job in a span of the trace that its cause was in. */
export function inJobSpan<Done extends { readonly end: RunEnd | undefined }>(
  job: OutboxJob,
  run: () => Promise<Done>,
): Promise<Done> {
  const about = { name: `process ${job.jobType}`, what: 'job', because: [traceOf(job)] } as const;
  return inSpan({ ...about, attributes: attributesOf(job) }, async (span) => {
    const done = await run();
    const { end = 'error' } = done;
    span.setAttribute('outbox.end', end);
    if (end === 'failed' || end === 'error') failSpan(span, end);
    return done;
  });
}

/** Calls a sink for some jobs of one type, in a span that goes on from its only job’s, or is linked to all of theirs. */
export function inSendSpan<Sent>(
  jobs: readonly OutboxJob[],
  send: () => Promise<Sent>,
): Promise<Sent> {
  const [first] = jobs;
  const name = `send ${first?.jobType ?? ''}`;
  const attributes = { 'messaging.batch.message_count': jobs.length };
  return inSpan({ name, what: 'send', attributes, because: jobs.map(traceOf) }, send);
}

function traceOf({ metadata }: OutboxJob): string | undefined {
  return metadata.traceparent;
}

function attributesOf(job: OutboxJob): Record<string, string | number> {
  return {
    'messaging.system': 'firestore_outbox',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': job.jobType,
    'messaging.message.id': job.id,
    'messaging.message.conversation_id': job.metadata.correlationId,
    'outbox.org_id': job.orgId,
    'outbox.attempt': job.attempts,
  };
}
