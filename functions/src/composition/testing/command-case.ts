import type { ErrorCode } from '#kernel';
import type { World } from './world.ts';

/** What a command is expected to emit, the rest of an event being the same for all. */
export interface ExpectedEvent {
  readonly eventType: string;
  readonly entityType: string;
  readonly entityId: string;
  /** Undefined for an event in no stream. */
  readonly streamVersion: number | undefined;
  readonly payload: unknown;
  readonly matterId?: string;
  /** Whether it says when it happened. */
  readonly isTimed?: true;
  /** Beside the entity itself and its matter. */
  readonly parents?: readonly string[];
  /** The correlation of the entity's events before, of which this is the next. */
  readonly continues?: string;
}

/** What a successful call leaves behind. */
export interface ExpectedOutcome {
  readonly result: Readonly<Record<string, unknown>>;
  readonly orgId: string;
  readonly events: readonly ExpectedEvent[];
  /** The business documents that it creates or changes, whole. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** The paths of the business documents that it deletes. Default: none. */
  readonly deleted?: readonly string[];
}

/** A call with other words or by somebody else, and the code it is refused with. */
export interface Refusal {
  readonly why: string;
  readonly code: ErrorCode;
  readonly by?: string;
  /** What the call says otherwise than the valid one; `undefined` leaves a field out. */
  readonly said?: (world: World) => Readonly<Record<string, unknown>>;
  /** The paths of all problems, for `invalid-input`. */
  readonly paths?: readonly string[];
}

/** One command as the tests know it. Each has one: a command without a case fails them. */
export interface CommandCase {
  /** A call that succeeds in the world. */
  readonly by: string;
  readonly input: (world: World) => Readonly<Record<string, unknown>>;
  /** A change of the input that is as valid, but not the same call. */
  readonly otherwise: Readonly<Record<string, unknown>>;
  readonly outcome: (world: World, result: Readonly<Record<string, unknown>>) => ExpectedOutcome;
  readonly refusals: readonly Refusal[];
}
