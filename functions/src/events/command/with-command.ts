import type { DocumentData, DocumentTransaction, Ids, RunTransaction } from '#kernel';
import { CodedError, hashParts, SERVER_TIME } from '#kernel';
import { canonicalText } from '../emit/canonical.ts';

const MAX_KEY_LENGTH = 200;

/** Whose command it is, which, and what it was asked to do. */
export interface CommandScope {
  /** The organization; `-` for a command that is about to create one. */
  readonly orgId: string;
  readonly callerUid: string;
  /** The callable's name. */
  readonly command: string;
  /** 1–200 characters of the caller's. The same key and input give the first result again. */
  readonly idempotencyKey?: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  /** Throws for whoever may not, or may no longer, hear a result that was recorded: asked before it is given. */
  readonly admit?: ((tx: DocumentTransaction) => Promise<unknown>) | undefined;
  /** It asks and writes nothing, not even that it was asked: a key means nothing then. Default: false. */
  readonly isQuestion?: boolean | undefined;
}

/** What a command's work may use. */
export interface CommandRun {
  readonly tx: DocumentTransaction;
  /** The server's time as this run began, in milliseconds since the epoch; a re-run has its own. */
  readonly nowMs: number;
  /**
   * An id for something the command creates: the same in every run of the same command, so that a
   * retry that comes after the record of the first has expired collides instead of doubling.
   */
  readonly newId: (name: string) => string;
}

/** Runs a mutating command once per idempotency key; see `createWithCommand`. */
export type WithCommand = <Result extends DocumentData>(
  scope: CommandScope,
  work: (run: CommandRun) => Promise<Result>,
) => Promise<Result>;

/**
 * Runs a command's work in one transaction together with the record of its result. The same key with
 * the same input gives the first result and no second effect, five at once one effect and five equal
 * answers; the same key with another input throws `idempotency-key-reused`.
 * Without a key it still never doubles by a lost answer, but a second call is a second command.
 */
export function createWithCommand(deps: {
  readonly runTransaction: RunTransaction;
  readonly ids: Ids;
  /** How long a command's result is kept to be given again, in milliseconds. */
  readonly keepMs: number;
}): WithCommand {
  return async (scope, work) => {
    checkKey(scope.idempotencyKey);
    const commandId = commandIdOf(scope, deps.ids);
    const inputHash = hashParts(canonicalText(scope.input));
    const isQuestion = scope.isQuestion === true;
    const run = async (tx: DocumentTransaction) => {
      const path = `commands/${commandId}`;
      const record = await tx.get(path);
      if (record.data !== undefined) {
        // Where this very call recorded it and the answer was lost, it had been let in: to leave, maybe.
        if (!tx.memory.has(path)) await scope.admit?.(tx);
        // What was recorded is what this very work returned before.
        return resultOf(record.data, inputHash) as never;
      }
      tx.memory.set(path, 'begun');
      const newId = (name: string): string => hashParts(commandId, name).slice(0, 20);
      const result = await work({ tx, newId, nowMs: record.readAtMs });
      if (isQuestion) return result;
      const { orgId, callerUid, command } = scope;
      const expireAt = new Date(record.readAtMs + deps.keepMs);
      tx.create(path, {
        orgId,
        callerUid,
        command,
        inputHash,
        result,
        createdAt: SERVER_TIME,
        expireAt,
      });
      return result;
    };
    return deps.runTransaction(commandId, run, { isReadOnly: isQuestion });
  };
}

function commandIdOf(scope: CommandScope, ids: Ids): string {
  const key = scope.idempotencyKey;
  if (key === undefined || scope.isQuestion === true) return ids.documentId();
  return hashParts(scope.orgId, scope.callerUid, scope.command, key).slice(0, 40);
}

function checkKey(key: string | undefined): void {
  if (key === undefined) return;
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH && key.isWellFormed()) return;
  throw new CodedError('invalid-input', 'The call cannot be made', [
    { path: 'idempotencyKey', message: `expected 1 to ${MAX_KEY_LENGTH} characters` },
  ]);
}

function resultOf(record: DocumentData, inputHash: string): unknown {
  if (record['inputHash'] !== inputHash) {
    throw new CodedError(
      'idempotency-key-reused',
      'The idempotency key was used before with another input. Take a new key for a new command.',
    );
  }
  return record['result'];
}
