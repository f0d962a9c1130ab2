// Kinds of values as Firestore's client gives them back, told by their shape: this needs no SDK.

/** A time as Firestore gives it back: seconds and nanoseconds, whole microseconds. */
export interface TimestampLike {
  readonly seconds: number;
  readonly nanoseconds: number;
  toMillis(): number;
}

export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A plain object of the same shape is a plain object. */
export function isTimestamp(value: object): value is TimestampLike {
  if (isPlainObject(value)) return false;
  const { seconds, nanoseconds, toMillis } = value as Partial<TimestampLike>;
  return (
    Number.isSafeInteger(seconds) &&
    Number.isSafeInteger(nanoseconds) &&
    typeof toMillis === 'function'
  );
}

/** What was said before it was stored: Firestore's times are `Date`s again, at any depth. */
export function withDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withDates);
  if (isTimestamp(value)) return new Date(value.toMillis());
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withDates(item)]));
}
