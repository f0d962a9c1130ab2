import type { CircuitBreakerPolicy } from 'cockatiel';
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhenResult } from 'cockatiel';
import type { Clock } from '#kernel';
import type { ProcessorLogs } from './logs.ts';

/** When a sink is left alone, and for how long. */
export interface BreakerSettings {
  /** Calls that fail in a row before the circuit opens. Default 5. */
  readonly failuresInARow: number;
  /** How long the sink is left alone then. Default 30 000. */
  readonly openMs: number;
}

const DEFAULT_BREAKER: BreakerSettings = { failuresInARow: 5, openMs: 30_000 };

/** What of a call's result a circuit goes by. */
export interface SinkCall {
  /** The sink did not answer, or failed. A refusal of one job is an answer. */
  readonly hasFailed: boolean;
}

/**
 * The circuits of an instance, one for each sink: a sink that fails again and again is not called for a
 * while, then by one probe, whose end decides. Known to this instance only, and forgotten with it.
 */
export interface Breakers {
  readonly openMs: number;
  /** How long the sink must not be called, in milliseconds; 0 where it may be. Asking changes nothing. */
  openForMs(sink: string): number;
  /**
   * Calls the sink, unless its circuit is open. `isProbe`: it was open, and this call decides whether it
   * closes. What `call` throws is thrown.
   */
  guard<Call extends SinkCall>(
    sink: string,
    call: (isProbe: boolean) => Promise<Call>,
  ): Promise<Call | 'open'>;
}

/** The library times circuits by the machine's time of day, which may jump. We ask when to; it only counts. */
const ANY_TIME_MS = -Infinity;

interface Circuit {
  readonly policy: CircuitBreakerPolicy;
  openedElapsedMs: number;
}

/** Circuits by cockatiel. */
export function createBreakers(
  clock: Clock,
  logs: Pick<ProcessorLogs, 'circuitOpened' | 'circuitClosed'>,
  { failuresInARow, openMs }: BreakerSettings = DEFAULT_BREAKER,
): Breakers {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (sink: string): Circuit => {
    const known = circuits.get(sink);
    if (known !== undefined) return known;
    const policy = circuitBreaker(
      handleWhenResult((call) => (call as SinkCall).hasFailed),
      { halfOpenAfter: ANY_TIME_MS, breaker: new ConsecutiveBreaker(failuresInARow) },
    );
    const circuit: Circuit = { policy, openedElapsedMs: 0 };
    policy.onBreak(() => {
      circuit.openedElapsedMs = clock.elapsedMs();
      logs.circuitOpened(sink, openMs);
    });
    policy.onReset(() => logs.circuitClosed(sink));
    circuits.set(sink, circuit);
    return circuit;
  };
  const openForMs = (sink: string): number => {
    const { policy, openedElapsedMs } = circuitOf(sink);
    if (policy.state === CircuitState.Closed) return 0;
    // The probe has to be waited for.
    if (policy.state === CircuitState.HalfOpen) return openMs;
    return Math.max(0, Math.ceil(openedElapsedMs + openMs - clock.elapsedMs()));
  };
  return {
    openMs,
    openForMs,
    guard: async (sink, call) => {
      // The library would let it wait for the probe's end, and its lease would run out meanwhile.
      if (openForMs(sink) > 0) return 'open';
      const { policy } = circuitOf(sink);
      const isProbe = policy.state === CircuitState.Open;
      return policy.execute(() => call(isProbe));
    },
  };
}
