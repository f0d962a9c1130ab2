import { z } from 'zod';
import { allEvents } from './catalog.ts';
import * as commands from './commands.ts';

/** A JSON Schema, as zod writes it. */
export type Schema = ReturnType<typeof toSchema>;

/** Everything this deployment emits and answers, as plain data: what the reference pages are made of. */
export interface Contracts {
  readonly events: readonly {
    readonly type: string;
    readonly version: number;
    readonly description: string;
    readonly example: unknown;
    readonly payload: Schema;
  }[];
  readonly commands: readonly { readonly name: string; readonly input: Schema }[];
}

export function describeContracts(): Contracts {
  return {
    events: allEvents.map(({ type, version, description, example, payload }) => {
      return { type, version, description, example, payload: toSchema(payload) };
    }),
    commands: Object.values(commands).map(({ name, input }) => ({ name, input: toSchema(input) })),
  };
}

function toSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input' });
}
