import { z } from 'zod';
import type { Access, Caller, DocumentTransaction, Problem } from '#kernel';
import { CodedError, inSpan, problemsOf } from '#kernel';
import type { Streams } from '../aggregates/load-aggregate.ts';
import type { AggregatesOfRun, Execute } from '../aggregates/run-aggregates.ts';
import { openAggregates } from '../aggregates/run-aggregates.ts';
import type { TypedEvent } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import { problemsInValue } from '../emit/canonical.ts';
import type { Cause } from '../emit/caused-by.ts';
import type { EventInput } from '../emit/event-input.ts';
import { MAX_TEXT_LENGTH, MAX_USER_AGENT_LENGTH } from '../emit/event-input.ts';
import type { EmitResult } from '../emit/emit-result.ts';
import type { TypedEventInput } from '../emit/emit.ts';
import type { CommandRun, CommandScope, WithCommand } from './with-command.ts';

/** An event of a command: its actor is the caller, its transaction the command's. */
export type CommandEvent<Definition extends EventDefinition> = Omit<
  EventInput,
  'eventType' | 'payload' | 'actor' | 'metadata' | 'idempotencyKey'
> &
  TypedEvent<Definition>;

/** What a command's work may use; all it does is one transaction. */
export interface CommandContext<Definition extends EventDefinition> extends CommandRun {
  readonly tx: DocumentTransaction;
  readonly access: Access;
  readonly caller: Caller;
  /**
   * `causedBy`: where a command takes an earlier event's story further, which then stays one correlation:
   * the event has its cause's correlation id instead of the request's.
   */
  readonly emit: (
    event: CommandEvent<Definition>,
    options?: { readonly causedBy?: Cause },
  ) => Promise<EmitResult>;
  /**
   * Loads an event-sourced entity as this transaction sees it, lets it decide on a command, appends the
   * events it raises, and answers its state after them. Where another appends to it meanwhile, all of `run`
   * is run again from the new state, a few times; then it is `contention`.
   */
  readonly execute: Execute<Definition>;
  /** An entity's events, beside the transaction; see `Streams`. */
  readonly loadStream: Streams['loadStream'];
}

/** One thing a client may ask for: what it takes, and what it does. */
export interface Command<
  Definition extends EventDefinition,
  Input extends z.ZodObject = z.ZodObject,
  Result extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
> {
  readonly name: string;
  /** It asks and changes nothing: see `CommandScope`. Default: false. */
  readonly isQuestion?: boolean;
  /** Strict: a field it does not know is an error. Every command also takes `idempotencyKey`. */
  readonly input: Input;
  run(context: CommandContext<Definition>, input: z.output<Input>): Promise<Result>;
}

/** Declares commands that emit events of `Definition`. */
export function commandsFor<Definition extends EventDefinition>() {
  return <Input extends z.ZodObject, Result extends Readonly<Record<string, unknown>>>(
    command: Command<Definition, Input, Result>,
  ): Command<Definition, Input, Result> => command;
}

export interface CommandDeps<Definition extends EventDefinition> {
  readonly withCommand: WithCommand;
  readonly access: Access;
  readonly streams: Pick<Streams, 'states' | 'loadStream'>;
  emit(
    input: TypedEventInput<Definition>,
    options: { readonly transaction: DocumentTransaction; readonly causedBy?: Cause },
  ): Promise<EmitResult>;
}

const idempotencyKey = z.string().min(1).max(200).optional();

/** Checks a call's input and runs it once per idempotency key. Throws `CodedError` for what is expected. */
export async function executeCommand<
  Definition extends EventDefinition,
  Input extends z.ZodObject,
  Result extends Readonly<Record<string, unknown>>,
>(
  deps: CommandDeps<NoInfer<Definition>>,
  command: Command<Definition, Input, Result>,
  caller: Caller,
  data: unknown,
): Promise<Result> {
  const span = {
    name: `command ${command.name}`,
    what: 'command',
    attributes: { 'correlation.id': caller.correlationId },
    because: [caller.traceparent],
  } as const;
  return inSpan(span, async () => {
    const { key, input, fields } = await readInput(command, data);
    const orgId = typeof fields['orgId'] === 'string' ? fields['orgId'] : undefined;
    const { name, isQuestion } = command;
    const admit = admission(deps.access, orgId, caller.uid);
    const whose = { orgId: orgId ?? '-', callerUid: caller.uid, admit };
    const scope = { ...whose, command: name, isQuestion, input: fields };
    let aggregates: AggregatesOfRun<Definition> | undefined;
    try {
      return await deps.withCommand({ ...scope, idempotencyKey: key }, (run) => {
        const emit: CommandContext<Definition>['emit'] = (event, options = {}) =>
          deps.emit(asUserEvent(event, caller, options.causedBy), {
            transaction: run.tx,
            ...options,
          });
        aggregates = openAggregates<Definition>(deps.streams.states, run.tx, emit);
        const { execute } = aggregates;
        const { loadStream } = deps.streams;
        return command.run(
          { ...run, access: deps.access, caller, emit, execute, loadStream },
          input,
        );
      });
    } finally {
      // Also after a refusal: what was loaded for it is as true, and the next one need not load it again.
      await aggregates?.keepSnapshots();
    }
  });
}

/** Whoever left an organization is not told again what they once did there. */
function admission(access: Access, orgId: string | undefined, uid: string): CommandScope['admit'] {
  return orgId === undefined ? undefined : (tx) => access.requireMember(tx, orgId, uid);
}

async function readInput<Input extends z.ZodObject>(
  command: { readonly name: string; readonly input: Input },
  data: unknown,
): Promise<{ key: string | undefined; input: z.output<Input>; fields: Record<string, unknown> }> {
  const result = await z.safeParseAsync(command.input.extend({ idempotencyKey }), data);
  if (!result.success) {
    throw refusal(command, problemsOf(result.error.issues));
  }
  type Keyed = Record<string, unknown> & { readonly idempotencyKey?: string };
  const { idempotencyKey: key, ...fields } = result.data as Keyed;
  const unstorable = problemsInValue(fields, '');
  if (unstorable.length > 0) throw refusal(command, unstorable);
  const unreadable = controlCharactersIn(fields, '');
  if (unreadable.length > 0) throw refusal(command, unreadable);
  return { key, input: fields as z.output<Input>, fields };
}

/** All but line breaks and tabs: nobody types them, and they garble mails, logs and terminals. */
const CONTROL_CHARACTER = /(?![\n\t])\p{Cc}/u;

/** Every text in a storable value that has a control character, by its path. */
function controlCharactersIn(value: unknown, path: string): Problem[] {
  if (typeof value === 'string') {
    if (!CONTROL_CHARACTER.test(value)) return [];
    return [{ path, message: 'text with a control character' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    controlCharactersIn(item, path === '' ? name : `${path}.${name}`),
  );
}

function refusal({ name }: { readonly name: string }, problems: readonly Problem[]): CodedError {
  return new CodedError('invalid-input', `${name} cannot be called like this`, problems);
}

function asUserEvent<Definition extends EventDefinition>(
  event: CommandEvent<Definition>,
  { uid, correlationId, traceparent, ipAddress, userAgent }: Caller,
  causedBy: Cause | undefined,
): TypedEventInput<Definition> {
  const metadata = {
    ...(causedBy === undefined ? { correlationId } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...said('ipAddress', ipAddress, MAX_TEXT_LENGTH),
    ...said('userAgent', userAgent, MAX_USER_AGENT_LENGTH),
  };
  // Only the type and payload are generic here, and they are passed on as they are.
  return {
    ...event,
    actor: { actorType: 'user', actorId: uid },
    metadata,
  };
}

/** What a request says of itself is no reason to refuse the command: it is cut, or left out. */
function said(
  name: 'ipAddress' | 'userAgent',
  text: string | undefined,
  maxLength: number,
): { readonly ipAddress?: string; readonly userAgent?: string } {
  if (text === undefined || text === '') return {};
  return { [name]: text.slice(0, maxLength).toWellFormed() };
}
