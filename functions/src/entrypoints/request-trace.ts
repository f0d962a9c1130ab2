import type { Ids } from '#kernel';

/** What a client may call its request: it is written into every event, job and log line of it. */
const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;
/** https://www.w3.org/TR/trace-context/: the version that there is, and ids that are not all zeros. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

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
    correlationId: fits(correlationId, CORRELATION_ID) ? correlationId : ids.correlationId(),
    ...(fits(traceparent, TRACEPARENT) ? { traceparent } : {}),
  };
}

function fits(header: string | string[] | undefined, pattern: RegExp): header is string {
  return typeof header === 'string' && pattern.test(header);
}
