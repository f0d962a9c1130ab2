import type { Ids } from '#kernel';
import { isTraceparent } from '#kernel';

/** What a client may call its request: it is written into every event, job and log line of it. */
const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * What ties together all that a request causes: its `x-correlation-id`, or a new one where it has none or one
 * that is no id, and its `traceparent`, which the platform gives to every request.
 */
export function traceOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  ids: Pick<Ids, 'correlationId'>,
): { readonly correlationId: string; readonly traceparent?: string } {
  const correlationId = headers['x-correlation-id'];
  const { traceparent } = headers;
  return {
    correlationId: isCorrelationId(correlationId) ? correlationId : ids.correlationId(),
    ...(typeof traceparent === 'string' && isTraceparent(traceparent) ? { traceparent } : {}),
  };
}

function isCorrelationId(header: string | string[] | undefined): header is string {
  return typeof header === 'string' && CORRELATION_ID.test(header);
}
