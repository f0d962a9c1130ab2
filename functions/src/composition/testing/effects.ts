import type { AllDocuments } from './all-documents.ts';
import { changesBetween, readAllDocuments } from './all-documents.ts';
import { firestore } from './backend.ts';

/** What `act` wrote and deleted, and what it answered. */
export async function effectsOf<T>(act: () => Promise<T>): Promise<{
  readonly written: AllDocuments;
  /** The paths of what is gone. */
  readonly deleted: readonly string[];
  readonly answer: T;
}> {
  const before = await readAllDocuments(firestore);
  const answer = await act();
  const after = await readAllDocuments(firestore);
  const deleted = [...before.keys()].filter((path) => !after.has(path));
  return { written: changesBetween(before, after), deleted, answer };
}

/** The documents of one collection, by their paths. */
export function inCollection(written: AllDocuments, collection: string): Record<string, unknown> {
  return dataOf([...written].filter(([path]) => path.startsWith(`${collection}/`)));
}

/** The documents that features own, by their paths. */
export function businessIn(written: AllDocuments): Record<string, unknown> {
  return dataOf([...written].filter(([path]) => !/^(domain_events|outbox|commands)\//.test(path)));
}

function dataOf(
  documents: readonly [string, { readonly data: unknown }][],
): Record<string, unknown> {
  return Object.fromEntries(documents.map(([path, { data }]) => [path, data]));
}
