import { z } from 'zod';
import type { ImportedInput } from '#events';
import type { Problem } from '#kernel';
import { messageOf, problemsOf } from '#kernel';
import type { OperationFinding } from '../operation.ts';

/** An event of history as a line says it; planning checks it to the last word. */
const importedLine = z.strictObject({
  key: z.string().min(1).max(200),
  eventType: z.string(),
  entityType: z.string(),
  entityId: z.string(),
  actor: z.strictObject({
    actorType: z.enum(['user', 'system', 'service']),
    actorId: z.string(),
  }),
  payload: z.unknown(),
  occurredAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  schemaVersion: z.int().min(1).optional(),
  matterId: z.string().optional(),
  related: z.array(z.string()).max(10).optional(),
  metadata: z
    .strictObject({
      correlationId: z.string().optional(),
      causationId: z.string().optional(),
      // Not a record: that would leave out a `__proto__`, which planning refuses.
      custom: z.unknown().optional(),
    })
    .optional(),
});

/** What all lines of an import have in common. */
export interface ImportScope {
  readonly orgId: string;
  /** Where the events come from: keys are its own. */
  readonly source: string;
  readonly operationId: string;
  readonly startedAt: Date;
}

/** A line that was read, or what is wrong with it. */
export type ReadLine =
  | { readonly kind: 'event'; readonly input: ImportedInput }
  | { readonly kind: 'empty' }
  | InvalidLine;

/** What is wrong with a line: where the first of it is, and the first few of it. */
export interface InvalidLine {
  readonly kind: 'invalid';
  readonly path: string;
  readonly found: string;
}

/** A hundred lines with so many long ones each still fit the operation’s document. */
const MOST_SAID = 5;

/** Reads a line as an event to be planned. */
export function readLine(bytes: Uint8Array, scope: ImportScope): ReadLine {
  const read = parse(bytes);
  if ('problem' in read) return invalidLine([read.problem]);
  if (read.value === undefined) return { kind: 'empty' };
  const { data, error } = importedLine.safeParse(read.value);
  if (data === undefined) return invalidLine(problemsOf(error.issues));
  if (data.occurredAt > scope.startedAt) {
    const message = 'expected a time before the import began';
    return invalidLine([{ path: 'occurredAt', message }]);
  }
  return { kind: 'event', input: toInput(data, scope) };
}

function parse(bytes: Uint8Array): { readonly value: unknown } | { readonly problem: Problem } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    return { value: text === '' ? undefined : JSON.parse(text) };
  } catch (error) {
    // The message of a syntax error repeats the line.
    const message = error instanceof SyntaxError ? 'expected JSON' : messageOf(error);
    return { problem: { path: '', message } };
  }
}

function toInput(
  { key, metadata, ...line }: z.output<typeof importedLine>,
  { orgId, source, operationId }: ImportScope,
): ImportedInput {
  return {
    ...line,
    orgId,
    idempotencyKey: key,
    metadata: { correlationId: operationId, ...metadata, sourceService: `import:${source}` },
  } as ImportedInput;
}

/** As much of a line’s problems as is said; a line can have hundreds of thousands. */
export function invalidLine(problems: readonly Problem[]): InvalidLine {
  const said = problems.slice(0, MOST_SAID);
  const texts = said.map(({ path, message }, n) =>
    n === 0 || path === '' ? message : `${path}: ${message}`,
  );
  const found = [...texts, ...(problems.length > said.length ? ['and more'] : [])].join('; ');
  return { kind: 'invalid', path: said[0]?.path ?? '', found };
}

/** One for a line, so that lines are counted; for whoever mends it, and nothing of what it says. */
export function invalidFinding(line: number, { path, found }: InvalidLine): OperationFinding {
  return {
    kind: 'invalid-line',
    line,
    path,
    expected: 'an event that can be emitted',
    found,
    whatToDo: 'Mend the line and import the file again, under another name: what is there stays.',
  };
}

/** That a line’s key is taken by an event that says something else. */
export function keyTaken(line: number, eventId: string): OperationFinding {
  return {
    kind: 'key-reused',
    line,
    path: 'key',
    eventId,
    expected: 'a key that is new, or the same event again',
    found: 'another event with this key',
    whatToDo: 'Give one of the two another key; what is written stays.',
  };
}
