import { z } from 'zod';
import type { DomainEvent, Subscription } from '#events';
import type { RetryPolicy } from '#outbox';
import { DEFAULT_RETRY_POLICY } from '#outbox';
import { eventsBySlice } from './catalog.ts';
import * as commands from './commands.ts';
import { createReactions } from './subscriptions.ts';

/** A JSON Schema, as zod writes it. */
export type Schema = ReturnType<typeof toSchema>;

/** One type of event, as plain data. */
export interface EventContract {
  /** The feature that owns it. */
  readonly slice: string;
  readonly type: string;
  readonly version: number;
  readonly description: string;
  readonly external: boolean;
  readonly aliases: readonly string[];
  readonly example: unknown;
  readonly payload: Schema;
}

/** A kind of job, by its stored id. */
export interface JobContract {
  readonly id: string;
  /** The events it is given; undefined where other jobs make it. */
  readonly pattern: string | readonly string[] | undefined;
  readonly kind: Subscription<DomainEvent>['kind'];
  /** What a dead letter does to those behind it in its line; undefined where there is no line. */
  readonly ordered: 'block' | 'pass-over' | undefined;
  readonly policy: RetryPolicy;
}

/** Everything this deployment emits, does and answers, as plain data: what the reference pages are made of. */
export interface Contracts {
  readonly events: readonly EventContract[];
  readonly jobs: readonly JobContract[];
  readonly commands: readonly { readonly name: string; readonly input: Schema }[];
}

/** Every type of the catalog, in its order. */
export function describeEvents(): EventContract[] {
  return Object.entries(eventsBySlice).flatMap(([slice, definitions]) =>
    definitions.map((definition) => {
      const { type, version, description, external = false, aliases = [] } = definition;
      const { example, payload } = definition;
      const about = { slice, type, version, description, external, aliases };
      return { ...about, example, payload: toSchema(payload) };
    }),
  );
}

export function describeContracts(): Contracts {
  const inputs = Object.values(commands).map(({ name, input }) => {
    return { name, input: toSchema(input) };
  });
  return { events: describeEvents(), jobs: describeJobs(), commands: inputs };
}

const readNothing = (): Promise<never> => Promise.reject(new Error('Nothing is read here.'));

/** Every kind of job; `policy`: of those that have none of their own. */
export function describeJobs(
  policyOfDeployment: RetryPolicy = DEFAULT_RETRY_POLICY,
): JobContract[] {
  const { bus, childHandlers } = createReactions({
    reader: { get: readNothing, getAll: readNothing, list: readNothing },
    policy: policyOfDeployment,
    logger: { write: () => {} },
    emit: readNothing,
    operationKindsFor: () => new Map(),
  });
  const subscriptions = bus.list().map(({ pattern, subscription }) => {
    const { id, kind, ordered, policy = policyOfDeployment } = subscription;
    return { id, pattern, kind, ordered: ordered?.onDeadLetter, policy };
  });
  const children = childHandlers.map(({ jobType: id, kind, ordered, policy }) => {
    return { id, pattern: undefined, kind, ordered: ordered?.onDeadLetter, policy };
  });
  return [...subscriptions, ...children];
}

/** What zod would write as a schema that takes anything. */
const UNREPRESENTABLE = [
  z.ZodBigInt,
  z.ZodSymbol,
  z.ZodUndefined,
  z.ZodVoid,
  z.ZodNaN,
  z.ZodMap,
  z.ZodSet,
  z.ZodTransform,
  z.ZodCustom,
];

/** What may be said, which is also true of what is read. Times are texts where there is only JSON. */
function toSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodDate) {
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      } else if (UNREPRESENTABLE.some((kind) => zodSchema instanceof kind)) {
        throw new Error('A payload has a kind of value that no JSON Schema describes.');
      }
    },
  });
}
