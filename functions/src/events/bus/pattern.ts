/** The types of `Type` that a pattern names: `*`, `invoice.*`, or a type itself. */
export type Matching<Type extends string, Pattern extends string> = Pattern extends '*'
  ? Type
  : Pattern extends `${infer Prefix}.*`
    ? Extract<Type, `${Prefix}.${string}`>
    : Extract<Type, Pattern>;

/** Every pattern that can name something of `Type`. */
export type PatternOf<Type extends string> =
  | '*'
  | Type
  | (Type extends `${infer Prefix}.${string}` ? `${Prefix}.*` : never);

/** Whether a pattern names an event type. */
export function matches(pattern: string, eventType: string): boolean {
  if (pattern === '*' || pattern === eventType) return true;
  return pattern.endsWith('.*') && eventType.startsWith(pattern.slice(0, -1));
}
