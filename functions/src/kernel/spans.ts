import type { Attributes, Context, Link, Span, SpanContext } from '@opentelemetry/api';
import { context, isSpanContextValid, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** https://www.w3.org/TR/trace-context/: the version that there is, and ids that are not all zeros. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Whether this is a `traceparent` of W3C Trace Context. */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text);
}

/** One thing that is done, for whoever looks at traces. */
export interface SpanOf {
  /** Few different ones: ids go into the attributes. */
  readonly name: string;
  /** `command`: somebody asks for it; `job`: it was asked for before; `send`: it asks another system. */
  readonly what: 'command' | 'job' | 'send';
  readonly attributes: Attributes;
  /**
   * The `traceparent` of each that it is done because of. It goes on in the trace of a single one, linked to what
   * runs it where that is of another trace; of several it stays in the trace of what runs it, linked to all.
   */
  readonly because?: readonly (string | undefined)[];
}

const TRACER = 'firestore-outbox';

const KINDS = { command: SpanKind.SERVER, job: SpanKind.CONSUMER, send: SpanKind.CLIENT };

/**
 * Runs `act` in an OpenTelemetry span; without an SDK it only runs it. What it throws ends the span as an error, by
 * its code: a message may hold what is nobody’s business.
 */
export function inSpan<T>(
  { name, what, attributes, because = [] }: SpanOf,
  act: (span: Span) => Promise<T>,
): Promise<T> {
  const causes = because.flatMap((traceparent) => contextOf(traceparent) ?? []);
  const { parent, links } = placeOf(causes);
  const options = { kind: KINDS[what], attributes, links };
  return trace.getTracer(TRACER).startActiveSpan(name, options, parent, async (span) => {
    try {
      return await act(span);
    } catch (error) {
      failSpan(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Says that what the span is of has failed, with a stable code. */
export function failSpan(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/**
 * The `traceparent` for what is caused now: of the active span, if it is in the trace of `said` or nothing was said.
 * Without an SDK no span is active: as said.
 */
export function traceparentNow(said: string | undefined): string | undefined {
  const active = activeSpan();
  if (active === undefined) return said;
  const before = contextOf(said);
  if (before !== undefined && before.traceId !== active.traceId) return said;
  const flags = active.traceFlags.toString(16).padStart(2, '0');
  return `00-${active.traceId}-${active.spanId}-${flags}`;
}

function placeOf(causes: readonly SpanContext[]): {
  readonly parent: Context;
  readonly links: Link[];
} {
  const running = activeSpan();
  const [only, ...others] = causes;
  if (only === undefined || others.length > 0) {
    return { parent: context.active(), links: causes.map((cause) => ({ context: cause })) };
  }
  if (running?.traceId === only.traceId) return { parent: context.active(), links: [] };
  const links = running === undefined ? [] : [{ context: running }];
  return { parent: trace.setSpanContext(context.active(), only), links };
}

function activeSpan(): SpanContext | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && isSpanContextValid(active) ? active : undefined;
}

function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

/** Some libraries put prose into their codes. */
const CODE = /^[\w./:-]{1,100}$/;

function codeOf(error: unknown): string {
  const code: unknown = (error as { readonly code?: unknown } | null | undefined)?.code;
  if (typeof code === 'number' || (typeof code === 'string' && CODE.test(code))) return `${code}`;
  return error instanceof Error ? error.name : 'unknown';
}
