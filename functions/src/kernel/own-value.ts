/**
 * What a record has under somebody's word; undefined where it has nothing of its own there: every object
 * answers to `constructor`.
 */
export function ownValue<Value>(
  record: Readonly<Record<string, Value>>,
  word: string,
): Value | undefined {
  return Object.hasOwn(record, word) ? record[word] : undefined;
}
