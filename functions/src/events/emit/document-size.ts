/** What every document and every map in one takes besides its fields. */
const MAP_BYTES = 32;

/**
 * Bytes a value takes in Firestore, by its documented rules
 * (https://firebase.google.com/docs/firestore/storage-size); for a document, all but its name.
 */
export function storedBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value) + 1;
    case 'number':
      return 8;
    case 'boolean':
      return 1;
    case 'object':
      return objectBytes(value);
    default:
      return 8; // the commit's own time, which is stored as a timestamp
  }
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
