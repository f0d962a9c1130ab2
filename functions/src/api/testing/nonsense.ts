import * as fc from 'fast-check';
import { z } from 'zod';
import type { World } from '../../composition/testing/world.ts';
import type { Route } from '../route.ts';
import type { Asked, Text } from './api.ts';

/** A request that somebody makes up. */
export interface Nonsense {
  readonly method: string;
  readonly path: string;
  readonly asked: Asked;
}

const PEOPLE = ['ada', 'ben', 'eve', 'zoe', 'pia', 'ops', 'bad', 'expired', 'forged', 'nobody'];
const METHODS = ['PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Texts of every kind, also those that no header and no document takes. */
const text = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom('', '__proto__', 'constructor', '..', '.', '%', '%2F', '%E0%A4', '%00', '\u0000'),
  fc.constantFrom(
    'null',
    'NaN',
    '-1',
    '0x10',
    '1e400',
    '99999999999999999999',
    '2030-02-30T00:00:00Z',
  ),
  fc.constantFrom('0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999+23:59', '*', '\uFFFD'),
  fc.integer({ min: 100, max: 5_000 }).map((length) => 'x'.repeat(length)),
);

/** What a header may carry at all. */
const headerText = text.map((said) =>
  said.replaceAll(/[^\u0020-\u007E\u00A0-\u00FF]/gu, '').trim(),
);

/** Cursors that were never given: of no JSON, of other JSON, and such as look right. */
const forgedCursor = fc.oneof(
  text,
  fc.json().map(encoded),
  fc
    .tuple(fc.constant(1), fc.integer(), fc.integer({ min: 0, max: 999_999_999 }), text, text)
    .map((fields) => encoded(JSON.stringify(fields))),
);

function encoded(said: string): string {
  return Buffer.from(said).toString('base64url');
}

/** JSON as no serializer writes it, and texts that are none. */
export const wildJson = fc.oneof(
  fc.json({ maxDepth: 5 }),
  text,
  fc.constantFrom(
    '{"__proto__":{"isOperator":true}}',
    '{"events":{"__proto__":[]}}',
    '1e400',
    '[]',
  ),
  fc.constantFrom('{"eventType":"\\ud800","payload":"\\udfff"}', '{"a":1,"a":2}', '"\\u0000"'),
  fc.integer({ min: 1, max: 100_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc
    .integer({ min: 1, max: 20_000 })
    .map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
);

/** A value in JSON that no field expects. */
export const value = fc.oneof(
  { weight: 3, arbitrary: wildJson.filter(isJson) },
  { weight: 1, arbitrary: fc.constant(JSON.stringify('x'.repeat(300_000))) },
  { weight: 1, arbitrary: fc.constant('{"n":1e308,"m":-1e400,"d":5e-324}') },
  { weight: 2, arbitrary: fc.constant('{"n":1}') },
);

const FIELDS =
  'eventType entityType entityId payload matterId related occurredAt schemaVersion metadata orgId __proto__'.split(
    ' ',
  );

/** An event with a field or two that are not what they should be. */
const wrongEvent = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 3 }).map(eventWith);

/** An event that is right but for these fields, each in JSON. */
function eventWith(changed: Readonly<Record<string, string>>): string {
  const right = { eventType: '"custom.counted"', entityType: '"counter"', entityId: '"c1"' };
  const fields = Object.entries({ ...right, payload: '{"n":1}', ...changed });
  return `{${fields.map(([name, said]) => `${JSON.stringify(name)}:${said}`).join(',')}}`;
}

const eventText = fc.oneof(
  { weight: 6, arbitrary: wrongEvent },
  fc.constant(eventWith({})),
  fc.constant(eventWith({ payload: JSON.stringify({ x: 'x'.repeat(300_000) }) })),
);

const typeText = value.map(
  (schema) => `{"type":"custom.counted","description":"x","schema":${schema}}`,
);

const CHANGE_FIELDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  reason: fc.oneof(
    { weight: 9, arbitrary: fc.constant('"Because."') },
    fc.constantFrom('""', '"\\ud800"', '"\\u0000"', '7'),
  ),
  regainPlace: fc.constantFrom('true', 'false', '"true"'),
  jobType: fc.constantFrom('"notif"', '"email"', '"none"', '"__proto__"', 'null'),
  orgId: fc.oneof(fc.constant('"org1"'), value),
  kind: fc.constantFrom('"redrive"', '"cancel"', '"tidy"', '"__proto__"', '7'),
  params: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('{"all":true}', '{"orgId":"org1","all":true}') },
    fc.constantFrom('{}', '{"__proto__":{"all":true}}', '{"reason":"poison","orgId":"org1"}'),
    value,
  ),
  dryRun: fc.constantFrom('true', '"true"'),
  maxRows: fc.constantFrom('1', '0', '1e400', '1.5'),
  rowsPerSecond: fc.constantFrom('1', '1000', '0.1', '"200"'),
};

/** A change by an operator with a field or two that are not what they should be, or not there. */
function changeText({ body: contract }: Route): fc.Arbitrary<string> {
  const names = contract?.schema instanceof z.ZodObject ? Object.keys(contract.schema.shape) : [];
  const fields = names.map((name) => [name, CHANGE_FIELDS[name] ?? value] as const);
  return fc
    .record(Object.fromEntries(fields), { requiredKeys: names.filter((name) => name === 'reason') })
    .map((change) => {
      const said = Object.entries(change).map(([name, field]) => `"${name}":${String(field)}`);
      return `{${said.join(',')}}`;
    });
}

const body = fc.oneof(
  wildJson,
  { weight: 4, arbitrary: eventText },
  { weight: 4, arbitrary: fc.array(eventText, { maxLength: 4 }).map(several) },
  fc
    .tuple(fc.integer({ min: 99, max: 102 }), eventText)
    .map(([n, said]) => several(Array.from({ length: n }, () => said))),
  typeText,
  fc.uint8Array({ maxLength: 50 }).map((bytes) => new Uint8Array(bytes)),
);

function several(events: readonly string[]): string {
  return `{"events":[${events.join(',')}]}`;
}

/** Whether a text can be parsed. */
export function isJson(said: string): boolean {
  try {
    JSON.parse(said);
    return true;
  } catch {
    return false;
  }
}

/** Whatever could be sent to one route; things that there are make it go further than nonsense would. */
export function nonsenseTo(
  route: Route,
  world: World,
  things: readonly string[],
): fc.Arbitrary<Nonsense> {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...things) },
    text.map(encodeStep),
    fc.constantFrom('%E0%A4', '..%2f'),
  );
  const names = Object.keys(route.query.shape);
  const query = fc.dictionary(
    fc.oneof(fc.constantFrom('cursor', 'limit', ...names), text),
    fc.oneof(text, forgedCursor, fc.constantFrom(...things)),
    { maxKeys: 4 },
  );
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(route.method) },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      steps: fc.array(step, { minLength: 4, maxLength: 4 }),
      query: names.length === 0 ? fc.oneof(fc.constant({}), query) : query,
      as: fc.oneof(
        {
          weight: 6,
          arbitrary: fc.constantFrom(...usualCallersOf(route)),
        },
        { weight: 3, arbitrary: fc.constantFrom(...PEOPLE) },
        { weight: 1, arbitrary: headerText },
      ),
      orgId: fc.oneof(
        { weight: 6, arbitrary: fc.constant(world.orgId) },
        { weight: 2, arbitrary: fc.constantFrom(world.otherOrgId, 'nowhere', null) },
        { weight: 1, arbitrary: headerText },
      ),
      headers: fc.dictionary(
        fc.constantFrom('idempotency-key', 'if-none-match', 'user-agent', 'content-type'),
        headerText,
        { maxKeys: 1 },
      ),
      text: bodyOf(route),
    })
    .map(({ method, steps, query: asked, text: sent, ...rest }) => {
      let next = 0;
      const path = route.path.replaceAll(/:\w+/g, () => steps[next++] ?? 'x');
      const search = new URLSearchParams(asked).toString();
      return {
        method,
        path: search === '' ? path : `${path}?${search}`,
        asked: { ...rest, ...(sent === undefined || method === 'OPTIONS' ? {} : { text: sent }) },
      };
    });
}

function usualCallersOf({ method, scope }: Route): readonly string[] {
  if (scope === 'platform') return ['ops'];
  return method === 'POST' ? ['pia', 'ada'] : ['ada', 'ben'];
}

function bodyOf(route: Route): fc.Arbitrary<Text | undefined> {
  if (route.method !== 'POST') return fc.constant(undefined);
  return route.scope === 'platform'
    ? fc.oneof({ weight: 3, arbitrary: changeText(route) }, body)
    : body;
}

function encodeStep(said: string): string {
  const step = encodeURIComponent(said.toWellFormed());
  return ['', '.', '..'].includes(step) ? 'x' : step;
}
