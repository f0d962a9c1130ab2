import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ArchiveStorage, PlanImport, PlannedImport } from '#events';
import { CodedError } from '#kernel';
import type { DocumentReader, DocumentWrite } from '#kernel';
import type { OperationKind, StepAsked } from '../operation-kind.ts';
import type { OperationFinding } from '../operation.ts';
import { orgId } from './event-filter.ts';
import type { FileLine, FilePlace } from './file-lines.ts';
import { countLines, FILE_START, linesFrom } from './file-lines.ts';
import type { ReadLine } from './import-line.ts';
import { invalidFinding, invalidLine, keyTaken, readLine } from './import-line.ts';
import { readCursor } from './read-cursor.ts';

/** A file is read whole, by a worker with 512 MiB. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Of the 10 MiB that a commit takes, as emits have it. */
const MAX_STEP_BYTES = 5 * 1024 * 1024;
/** Where operators may put files. */
const FILE = /^imports\/[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;
const SOURCE = /^[A-Za-z0-9_.-]{1,100}$/;

interface Params {
  readonly orgId: string;
  readonly file: string;
  readonly source: string;
}

/** The hash tells that it is still the file that it was. */
const place = z.object({ offset: z.int().min(0), line: z.int().min(1), sha256: z.string() });

/** What imports are put together of. */
export interface ImportDeps {
  /** Throws `invalid-setting` where there is none. */
  readonly storage: () => Pick<ArchiveStorage, 'get'>;
  readonly planImport: PlanImport;
  readonly reader: Pick<DocumentReader, 'getAll'>;
  /** Whether a read model follows the streams of a type: it could not be rebuilt with an event that is in none. */
  readonly isFollowed: (eventType: string) => boolean;
}

/**
 * Writes the events of a file, which happened before, in a page’s commit: each once, without jobs. Lines that are wrong
 * are said, and left out.
 */
export function importEvents(deps: ImportDeps): OperationKind<Params> {
  return {
    kind: 'import',
    params: z.strictObject({
      orgId,
      file: z.string().max(500).regex(FILE, 'expected the path of a file under imports/'),
      source: z.string().regex(SOURCE, 'expected 1 to 100 of A-Z a-z 0-9 _ . -'),
    }),
    estimate: async ({ file }) => countLines(await load(deps, file)),
    step: (asked) => step(deps, asked),
  };
}

async function step(
  deps: ImportDeps,
  { operationId, params, cursor, limit, startedAt }: StepAsked<Params>,
): ReturnType<OperationKind['step']> {
  const file = await load(deps, params.file);
  const from = placeIn(file, cursor);
  const scope = { ...params, operationId, startedAt };
  const lines = linesFrom(file, from, limit).map((line) => ({
    ...line,
    read: readLine(line.bytes, scope),
  }));
  const planned = await Promise.all(lines.map((line) => plan(deps, line, operationId)));
  const fitting = planned.slice(0, fittingCount(planned));
  const stored = await readStored(deps, fitting);
  const { writes, findings, skipped } = judge(fitting, stored);
  const next = fitting.at(-1)?.next;
  const isOver = next === undefined || next.offset >= file.length;
  return {
    seen: fitting.length,
    done: writes.length,
    skipped,
    findings,
    writes,
    reads: stored.size,
    cursor: isOver ? undefined : JSON.stringify({ ...next, sha256: sha256(file) }),
  };
}

/** Throws `invalid-input` for a file that is not there or too large. */
async function load({ storage }: ImportDeps, path: string): Promise<Uint8Array> {
  const file = await storage().get(path);
  const most = `at most ${MAX_FILE_BYTES / 1024 / 1024} MiB: split it`;
  const message = file === undefined ? 'there is no such file' : most;
  if (file !== undefined && file.length <= MAX_FILE_BYTES) return file;
  const problem = { path: 'params.file', message };
  throw new CodedError('invalid-input', 'The file cannot be imported', [problem]);
}

function placeIn(file: Uint8Array, cursor: string | undefined): FilePlace {
  if (cursor === undefined) return FILE_START;
  const { sha256: before, ...from } = readCursor(place, cursor);
  if (before === sha256(file)) return from;
  const message = `The file is another since line ${from.line}: import it again, under another name.`;
  throw new CodedError('failed-precondition', message);
}

function sha256(file: Uint8Array): string {
  return createHash('sha256').update(file).digest('hex');
}

/** A line, and what is to become of it. */
type Planned = FileLine &
  (
    | { readonly kind: 'planned'; readonly event: PlannedImport }
    | Exclude<ReadLine, { readonly kind: 'event' }>
  );

async function plan(
  { planImport, isFollowed }: ImportDeps,
  { read, ...line }: FileLine & { readonly read: ReadLine },
  token: string,
): Promise<Planned> {
  if (read.kind !== 'event') return { ...line, ...read };
  if (isFollowed(read.input.eventType)) {
    const message =
      'a read model follows the streams of this type, and imported events are in none';
    return { ...line, ...invalidLine([{ path: 'eventType', message }]) };
  }
  try {
    return { ...line, kind: 'planned', event: await planImport(read.input, token) };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { problems, message } = error;
    return { ...line, ...invalidLine(problems.length > 0 ? problems : [{ path: '', message }]) };
  }
}

/** How many of them fit one commit: the first always does. */
function fittingCount(planned: readonly Planned[]): number {
  let bytes = 0;
  const over = planned.findIndex((line) => {
    bytes += line.kind === 'planned' ? line.event.bytes : 0;
    return bytes > MAX_STEP_BYTES;
  });
  return over === -1 ? planned.length : Math.max(1, over);
}

type Stored = ReadonlyMap<string, Parameters<PlannedImport['isSameAs']>[0] | undefined>;

async function readStored({ reader }: ImportDeps, lines: readonly Planned[]): Promise<Stored> {
  const paths = lines.flatMap((line) => (line.kind === 'planned' ? [line.event.write.path] : []));
  const documents = await reader.getAll([...new Set(paths)]);
  return new Map(documents.map(({ path, data }) => [path, data]));
}

interface Judged {
  readonly writes: readonly DocumentWrite[];
  readonly findings: readonly OperationFinding[];
  readonly skipped: Readonly<Record<string, number>>;
}

/** What is there already, or was said by a line before, is written once. */
function judge(lines: readonly Planned[], stored: Stored): Judged {
  const there = new Map(stored);
  const writes: DocumentWrite[] = [];
  const findings: OperationFinding[] = [];
  const skipped: Record<string, number> = {};
  const skip = (why: string, finding?: OperationFinding): void => {
    skipped[why] = (skipped[why] ?? 0) + 1;
    if (finding !== undefined) findings.push(finding);
  };
  for (const line of lines) {
    if (line.kind === 'empty') skip('empty');
    else if (line.kind === 'invalid') skip('invalid', invalidFinding(line.line, line));
    else {
      const { write, isSameAs, eventId } = line.event;
      const before = there.get(write.path);
      if (before === undefined) writes.push(write);
      else if (isSameAs(before)) skip('already-there');
      else skip('key-reused', keyTaken(line.line, eventId));
      there.set(write.path, before ?? write.data);
    }
  }
  return { writes, findings, skipped };
}
