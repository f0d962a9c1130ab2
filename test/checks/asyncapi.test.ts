import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from '@jest/globals';
import { allEvents } from '../../functions/src/composition/testing/all-events.ts';
import { SCHEMAS, schemaFile } from '../../tools/reference/schema-file.ts';

const root = new URL('../../', import.meta.url);
const path = new URL('docs/reference/asyncapi.json', root);
const text = readFileSync(path, 'utf8');
/** Errors and warnings; the rest is advice. */
const WORST: ReadonlySet<number> = new Set([0, 1]);

async function parse(document: string) {
  const { diagnostics, document: parsed } = await new Parser().parse(document, {
    source: fileURLToPath(path),
  });
  const problems = diagnostics.filter(({ severity }) => WORST.has(severity));
  return { parsed, problems: problems.map(({ code, path: place }) => [code, ...place].join('.')) };
}

describe('the AsyncAPI document', () => {
  test('is one by AsyncAPI’s own parser, with every event and its schema', async () => {
    const { parsed, problems } = await parse(text);
    expect(problems).toEqual([]);
    const messages = parsed?.allMessages().all() ?? [];
    const types = allEvents.map(({ type }) => type);
    expect(messages.map((message) => message.id()).toSorted()).toEqual(types.toSorted());
    for (const message of messages) {
      expect(message.payload()?.title()).toMatch(`${message.id()}, version `);
      expect(message.examples().all()).toHaveLength(1);
    }
  });

  test('tells what outsiders may send from what we send', async () => {
    const { parsed } = await parse(text);
    const operations = parsed?.operations().all() ?? [];
    const sizes = operations.map((one) => [one.action(), one.messages().all().length]);
    const external = allEvents.filter((event) => event.external === true);
    expect(sizes).toEqual([
      ['send', allEvents.length],
      ['receive', external.length],
    ]);
  });

  test.each([
    ['a schema that is not there', 'user.joined.v1.json', 'user.lost.v1.json'],
    ['a word that AsyncAPI does not know', '"action": "send"', '"action": "sned"'],
    ['a message that is not there', '#/components/messages/user.joined', '#/components/none'],
  ])('would not pass with %s', async (_, right, wrong) => {
    expect(text).toContain(right);
    expect((await parse(text.replace(right, wrong))).problems).not.toEqual([]);
  });
});

/** What a field could wrongly be, and what it could rightly be in some. */
const VALUES = [null, '', 'x'.repeat(101), 'x'.repeat(501), -1, 0, 1.5, true, {}, []];

describe('a published schema', () => {
  const isTime = (said: string): boolean => !Number.isNaN(Date.parse(said));
  const ajv = new Ajv2020({ formats: { 'date-time': isTime }, allErrors: true });

  test.each(allEvents)('of $type takes what the code takes, and nothing else', (definition) => {
    const { type, version, example, payload } = definition;
    const file = new URL(SCHEMAS + schemaFile(type, version), root);
    const schema = JSON.parse(readFileSync(file, 'utf8')) as { readonly examples: unknown };
    const takes = ajv.compile(schema);
    expect(schema.examples).toEqual([JSON.parse(JSON.stringify(example))]);
    const names = [...Object.keys(payload.shape), 'unknown'];
    const without = names.map((name) =>
      Object.fromEntries(Object.entries(example).filter(([other]) => other !== name)),
    );
    const changed = names.flatMap((name) => VALUES.map((value) => ({ ...example, [name]: value })));
    const verdicts = [example, ...without, ...changed].map((said) => {
      const byCode = payload.safeParse(said).success;
      expect([said, takes(JSON.parse(JSON.stringify(said)))]).toEqual([said, byCode]);
      return byCode;
    });
    expect(verdicts[0]).toBe(true);
    expect(verdicts.filter((verdict) => !verdict).length).toBeGreaterThanOrEqual(VALUES.length);
  });
});
