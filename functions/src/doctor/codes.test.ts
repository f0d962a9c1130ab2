import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { judgeIndexes } from './checks/indexes.ts';

const page = readFileSync(new URL('../../../docs/how-to/doctor.md', import.meta.url), 'utf8');
const checks = new URL('checks/', import.meta.url);

test('docs/how-to/doctor.md has every code that the checks have, and no other', () => {
  const files = readdirSync(checks).filter((name) => !name.endsWith('.test.ts'));
  const code = files.map((name) => readFileSync(new URL(name, checks), 'utf8')).join('\n');
  const made = [...code.matchAll(/code: '([a-z-]+)',?\s+severity: '([a-z]+)'/g)];
  const shown = [...page.matchAll(/^\| `([a-z-]+)`\s+\| (error|warning) /gm)];
  const texts = (found: readonly RegExpMatchArray[]) =>
    new Set(found.map(([, ...all]) => all.join()));
  expect(made.length).toBeGreaterThan(20);
  expect(texts(made)).toEqual(texts(shown));
  expect(code.match(/code: '/g)).toHaveLength(made.length);
});

test('the example there is what the doctor says', () => {
  const [, example = ''] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
  const { findings } = JSON.parse(example) as { readonly findings: unknown };
  const fields = ['slot', 'nextAttemptAt'].map((fieldPath) => ({ fieldPath, order: 'ASCENDING' }));
  const index = { collection: 'outbox', scope: 'COLLECTION', fields };
  const nothing = { indexes: [], fields: [] };
  expect(findings).toEqual(judgeIndexes({ ...nothing, indexes: [index] }, nothing));
});
