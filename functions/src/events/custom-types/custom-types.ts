import { z } from 'zod';
import type { Clock, DocumentReader, Ids, RunTransaction } from '#kernel';
import { CodedError, problemsOf } from '#kernel';
import type { Actor } from '../event.ts';
import type { CustomTypeReaders } from '../emit/read-type.ts';
import { entityId, typeName } from '../identifiers.ts';
import type { CustomTypeInput } from './register-type.ts';
import { problemsInRegistration, registerIn } from './register-type.ts';
import { newestIn, TypeCache } from './type-cache.ts';
import type { CustomType, CustomTypeSummary } from './type-documents.ts';

/** Organizations' own event types: who may register one is for the caller to decide. */
export interface CustomTypes extends CustomTypeReaders {
  /**
   * Registers a type, or its next version where the schema is another than the newest one's; the same again
   * writes nothing. Other instances emit at the version before for up to a minute.
   *
   * Throws `invalid-schema` with the path of every problem, and `failed-precondition` where the organization
   * has as many types, or the type as many versions, as there can be.
   */
  readonly register: (
    orgId: string,
    input: CustomTypeInput,
    actor: Actor,
  ) => Promise<{ readonly type: string; readonly version: number }>;
  /** The organization's types by name, each at its newest version, as they are now. Throws `invalid-input`. */
  readonly list: (orgId: string) => Promise<CustomTypeSummary[]>;
  /** A version of a type; default the newest. Undefined where there is none. Throws `invalid-input`. */
  readonly get: (orgId: string, type: string, version?: number) => Promise<CustomType | undefined>;
}

/** What keeping custom types needs. */
export interface CustomTypesDeps {
  readonly reader: Pick<DocumentReader, 'get'>;
  readonly runTransaction: RunTransaction;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'elapsedMs'>;
}

/** Binds custom types to a database. */
export function createCustomTypes(deps: CustomTypesDeps): CustomTypes {
  const { runTransaction, ids } = deps;
  const cache = new TypeCache(deps.reader, deps.clock);
  return {
    readerOf: cache.readerOf,
    register: async (orgId, input, actor) => {
      await refuseInvalid(orgId, input, actor);
      const version = await runTransaction(ids.documentId(), (tx) =>
        registerIn(tx, orgId, input, actor),
      );
      cache.forgetList(orgId);
      return { type: input.type, version };
    },
    list: async (orgId) => {
      refuseNames({ orgId });
      const entries = await cache.readList(orgId);
      return entries.map(({ type, version, description }) => ({ type, version, description }));
    },
    get: async (orgId, type, version) => {
      refuseNames({ orgId, type, version });
      const wanted = version ?? newestIn(await cache.readList(orgId), type);
      return wanted === 0 ? undefined : cache.readVersion(orgId, type, wanted);
    },
  };
}

const names = z.object({
  orgId: entityId,
  type: typeName.optional(),
  version: z.int().min(1).optional(),
});

/** Throws `invalid-input` for what names no document. */
function refuseNames(said: z.input<typeof names>): void {
  const result = names.safeParse(said);
  if (result.success) return;
  const problems = problemsOf(result.error.issues);
  throw new CodedError('invalid-input', 'There is no such event type', problems);
}

async function refuseInvalid(orgId: string, input: CustomTypeInput, actor: Actor): Promise<void> {
  const { problemsWithSchema } = await import('./compile-schema.ts');
  const problems = [
    ...problemsInRegistration(orgId, input, actor),
    ...problemsWithSchema(input.schema),
  ];
  if (problems.length === 0) return;
  throw new CodedError('invalid-schema', 'The event type cannot be registered', problems);
}
