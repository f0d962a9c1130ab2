import type { DocumentData, DocumentWrite } from './documents.ts';
import { DELETE_FIELD } from './documents.ts';

/**
 * Holds the writes of one transaction back and folds those to one path into one write, so that a
 * feature and the event log can each say their part of a document and it is billed once.
 */
export class WriteBuffer {
  readonly #writes = new Map<string, DocumentWrite & { data: DocumentData }>();

  add(write: Exclude<DocumentWrite, { kind: 'delete' }>): void {
    const before = this.#writes.get(write.path);
    if (before === undefined) {
      this.#writes.set(write.path, write);
      return;
    }
    if (write.kind === 'create' && before.kind !== 'merge') {
      throw new Error(`${write.path} is created after it was written in the same transaction.`);
    }
    const kind = write.kind === 'create' ? 'create' : before.kind;
    this.#writes.set(write.path, {
      kind,
      path: write.path,
      data: { ...before.data, ...write.data },
    });
  }

  /** What a reader inside the transaction sees of `stored`, the document as it was before. */
  overlay(path: string, stored: DocumentData | undefined): DocumentData | undefined {
    const write = this.#writes.get(path);
    if (write === undefined) return stored;
    const fields = { ...(write.kind === 'create' ? {} : stored), ...write.data };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== DELETE_FIELD));
  }

  all(): readonly DocumentWrite[] {
    return [...this.#writes.values()];
  }
}
