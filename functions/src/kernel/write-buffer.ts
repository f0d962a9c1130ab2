import type { DocumentData, DocumentWrite } from './documents.ts';
import { DELETE_FIELD } from './documents.ts';

/** A write with data. */
type BufferedWrite = Exclude<DocumentWrite, { kind: 'delete' }>;

/**
 * Holds the writes of one transaction back and folds those to one path into one write, so that a
 * feature and the event log can each say their part of a document and it is billed once.
 */
export class WriteBuffer {
  readonly #writes = new Map<string, DocumentWrite>();

  add(write: DocumentWrite): void {
    const before = this.#writes.get(write.path);
    this.#writes.set(write.path, before === undefined ? write : fold(before, write));
  }

  create(path: string, data: DocumentData): void {
    this.add({ kind: 'create', path, data });
  }

  update(path: string, data: DocumentData): void {
    this.add({ kind: 'update', path, data });
  }

  merge(path: string, data: DocumentData): void {
    this.add({ kind: 'merge', path, data });
  }

  delete(path: string): void {
    this.add({ kind: 'delete', path });
  }

  /** What a reader inside the transaction sees of `stored`, the document as it was before. */
  overlay(path: string, stored: DocumentData | undefined): DocumentData | undefined {
    const write = this.#writes.get(path);
    if (write === undefined) return stored;
    if (write.kind === 'delete') return undefined;
    if (isAlone(write)) throw alone(path);
    return withoutDeleted({ ...(isWhole(write) ? {} : stored), ...write.data });
  }

  all(): readonly DocumentWrite[] {
    return [...this.#writes.values()];
  }
}

/** One write that does what `before` and then `write` would. */
function fold(before: DocumentWrite, write: DocumentWrite): DocumentWrite {
  const { path } = write;
  refuseAlone(before, write);
  if (before.kind === 'delete' || write.kind === 'delete') {
    throw new Error(`${path} is both written and deleted in the same transaction.`);
  }
  if (write.kind === 'create' && before.kind !== 'merge') {
    throw new Error(`${path} is created after it was written in the same transaction.`);
  }
  if (write.kind === 'set') {
    return { kind: before.kind === 'create' ? 'create' : 'set', path, data: write.data };
  }
  const kind = write.kind === 'create' ? 'create' : before.kind;
  const folded = { kind, path, data: { ...before.data, ...write.data } };
  return isWhole(folded) ? { ...folded, data: withoutDeleted(folded.data) } : folded;
}

/** What it depends on, or leaves, is known only to the database. */
function isAlone(write: DocumentWrite): boolean {
  return write.kind === 'update-leaves' || 'unchangedSince' in write;
}

function refuseAlone(...writes: readonly DocumentWrite[]): void {
  for (const write of writes) if (isAlone(write)) throw alone(write.path);
}

function alone(path: string): Error {
  return new Error(
    `${path} is written on a condition, or in part: nothing else may be written to it, or read of it.`,
  );
}

/** Whether nothing of an older document is left; there is nothing to take a field out of, either. */
function isWhole({ kind }: BufferedWrite): boolean {
  return kind === 'create' || kind === 'set';
}

function withoutDeleted(fields: DocumentData): DocumentData {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== DELETE_FIELD));
}
