/** The types of `Type` that a pattern names: `*`, `invoice.*`, or a type itself. */
export type Matching<Type extends string, Pattern extends string> = Pattern extends '*'
  ? Type
  : Pattern extends `${infer Prefix}.*`
    ? Within<Type, `${Prefix}.${string}`>
    : Within<Type, Pattern>;

/** What is of both; of a type that stands for many (`custom.${string}`), those that are wanted. */
export type Within<Type extends string, Wanted extends string> = Type extends Wanted
  ? Type
  : Wanted extends Type
    ? Wanted
    : never;

/** Every pattern that can name something of `Type`. */
export type PatternOf<Type extends string> = '*' | Type | Prefixes<Type>;

/** `a.*` and `a.b.*` for `a.b.c`. */
type Prefixes<
  Type extends string,
  Before extends string = '',
> = Type extends `${infer First}.${infer Rest}`
  ? `${Before}${First}.*` | Prefixes<Rest, `${Before}${First}.`>
  : never;

/** Whether a pattern, or one of several, names an event type. */
export function matches(pattern: string | readonly string[], eventType: string): boolean {
  if (typeof pattern !== 'string') return pattern.some((one) => matches(one, eventType));
  if (pattern === '*' || pattern === eventType) return true;
  return pattern.endsWith('.*') && eventType.startsWith(pattern.slice(0, -1));
}
