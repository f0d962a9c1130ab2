/** What every document and every map in one takes besides its fields. */
const MAP_BYTES = 32;

/**
 * Bytes a value takes in Firestore, by its documented rules
 * (https://firebase.google.com/docs/firestore/storage-size); for a document, all but its name.
 */
export function storedBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 1;
  if (typeof value === 'boolean') return 1;
  // Numbers take 8 bytes, and so does the commit's own time, which is a symbol until it is stored.
  return typeof value === 'object' ? objectBytes(value) : 8;
}

function objectBytes(value: object | null): number {
  if (value === null) return 1;
  if (value instanceof Date || 'toMillis' in value) return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + storedBytes(item), 0);
  return Object.entries(value).reduce(
    (sum, [name, item]) =>
      item === undefined ? sum : sum + Buffer.byteLength(name) + 1 + storedBytes(item),
    MAP_BYTES,
  );
}
