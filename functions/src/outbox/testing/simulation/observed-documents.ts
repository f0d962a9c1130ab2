import type { DocumentData } from '#kernel';
import type { ConditionalWrite } from '../../memory/memory-documents.ts';
import { MemoryDocuments } from '../../memory/memory-documents.ts';

/** One document, before and after a commit. */
export interface DocumentChange {
  readonly path: string;
  readonly before: DocumentData | undefined;
  readonly after: DocumentData | undefined;
}

/** Documents in memory, with somebody who sees every commit. */
export class ObservedDocuments extends MemoryDocuments {
  readonly #observe: (changes: readonly DocumentChange[]) => void;

  constructor(nowMs: () => number, observe: (changes: readonly DocumentChange[]) => void) {
    super(nowMs);
    this.#observe = observe;
  }

  override commit(writes: readonly ConditionalWrite[]): number[] {
    const paths = [...new Set(writes.map(({ write }) => write.path))];
    const before = paths.map((path) => this.get(path)?.data);
    const versions = super.commit(writes);
    this.#observe(
      paths.map((path, index) => ({ path, before: before[index], after: this.get(path)?.data })),
    );
    return versions;
  }
}
