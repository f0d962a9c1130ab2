import * as fc from 'fast-check';
import { isJson, value, wildJson } from '../../api/testing/nonsense.ts';
import type { AnyCommand } from '../../composition/testing/backend.ts';

/** What a callable may be sent: who says it, and what, in JSON. */
export interface Nonsense {
  readonly by: string;
  readonly text: string;
}

/**
 * Whatever somebody could send to a callable: JSON of every kind, and a call that is right but for a field or
 * two. `things` are what there is, also of others.
 */
export function nonsenseTo(
  command: AnyCommand,
  right: { readonly by: string; readonly input: Readonly<Record<string, unknown>> },
  things: readonly string[],
): fc.Arbitrary<Nonsense> {
  const fields = [...Object.keys(command.input.shape), 'idempotencyKey'];
  const said = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...things).map((thing) => JSON.stringify(thing)) },
    { weight: 4, arbitrary: value },
    fc.constantFrom('"\\ud800"', '"\\u0000"', '-1', '1e308', '0.5', 'null', '[null]', '{}'),
    fc.constantFrom('{"@type":"type.googleapis.com/google.protobuf.Int64Value","value":"7"}'),
    fc.array(value, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  );
  const names = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...fields) },
    fc.constantFrom('__proto__', 'constructor', 'role', 'expectedVersion'),
  );
  const almostRight = fc
    .dictionary(names, said, { maxKeys: 2, noNullPrototype: true })
    .map((changed) => callWith(right.input, changed));
  const data = wildJson.filter(isJson).map((text) => `{"data":${text}}`);
  return fc.record({
    by: fc.oneof(
      { weight: 4, arbitrary: fc.constant(right.by) },
      fc.constantFrom('ada', 'ben', 'eve', 'zoe', 'joe', 'a/b', '', 'x'.repeat(200)),
    ),
    text: fc.oneof(
      { weight: 6, arbitrary: almostRight },
      { weight: 2, arbitrary: data },
      wildJson.filter(isJson),
    ),
  });
}

/** A call in JSON: the right fields, but for those that are said otherwise. */
function callWith(
  right: Readonly<Record<string, unknown>>,
  changed: Readonly<Record<string, string>>,
): string {
  const kept = Object.entries(right).flatMap(([name, field]) =>
    Object.hasOwn(changed, name) || field === undefined ? [] : [[name, JSON.stringify(field)]],
  );
  const fields = [...kept, ...Object.entries(changed)];
  return `{"data":{${fields.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}}`;
}

/**
 * Whether the platform's own decoding fails at it, before the callable is reached: a kind of value that it does
 * not know, or one that is nested deeper than its stack.
 */
export function isMalformed(sent: unknown): boolean {
  const left: { readonly value: unknown; readonly depth: number }[] = [{ value: sent, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value: inner, depth } = next;
    if (typeof inner !== 'object' || inner === null) continue;
    if (depth > 1_000 || '@type' in inner) return true;
    for (const item of Object.values(inner)) left.push({ value: item, depth: depth + 1 });
  }
  return false;
}
