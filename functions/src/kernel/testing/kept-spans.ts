import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** A span as tests look at it; `under` and `linkedTo` are names of other spans, or ids of spans that are not ours. */
export interface KeptSpan {
  readonly name: string;
  readonly kind: string | undefined;
  readonly traceId: string;
  readonly under: string | undefined;
  readonly linkedTo: readonly string[];
  readonly failed: string | undefined;
  readonly attributes: ReadableSpan['attributes'];
}

/** An OpenTelemetry SDK that keeps what ends. Once per test file: it is registered for the whole process. */
export class KeptSpans {
  readonly #exporter = new InMemorySpanExporter();

  static register(): KeptSpans {
    const kept = new KeptSpans();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const exporter = kept.#exporter;
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
    return kept;
  }

  forget(): void {
    this.#exporter.reset();
  }

  /** What ended since, by name. */
  all(): KeptSpan[] {
    const spans = this.#exporter.getFinishedSpans();
    const nameOf = (spanId: string): string =>
      spans.find((span) => span.spanContext().spanId === spanId)?.name ?? spanId;
    const shown = spans.map((span) => ({
      name: span.name,
      kind: SpanKind[span.kind],
      traceId: span.spanContext().traceId,
      under: span.parentSpanContext && nameOf(span.parentSpanContext.spanId),
      linkedTo: span.links.map((link) => nameOf(link.context.spanId)),
      failed: span.status.code === SpanStatusCode.ERROR ? typeOf(span) : undefined,
      attributes: span.attributes,
    }));
    return shown.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}

function typeOf(span: ReadableSpan): string {
  return String(span.attributes['error.type']);
}
