import type { DocumentData } from '#kernel';

// As Firestore counts a document, which is not what it takes encoded: every number has eight bytes.

/** What a document may come to. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

const DOCUMENT = 32;
const NAME = 16;
const NUMBER_OR_TIME = 8;

/** The size of a document that is stored at this path, in bytes, by the rules that Firestore publishes. */
export function storedBytes(path: string, data: DocumentData): number {
  const name = path.split('/').reduce((sum, segment) => sum + textBytes(segment), NAME);
  return DOCUMENT + name + mapBytes(data);
}

function textBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}

function mapBytes(fields: DocumentData): number {
  return Object.entries(fields).reduce(
    (sum, [name, value]) => sum + textBytes(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number' || value instanceof Date) return NUMBER_OR_TIME;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + valueBytes(item), 0);
  }
  return mapBytes(value as DocumentData);
}
