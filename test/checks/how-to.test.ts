import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Pages whose examples are run, each with the test that runs them. */
const pages = [
  [
    'docs/how-to/test-a-handler-without-an-emulator.md',
    'functions/src/composition/handlers-without-an-emulator.test.ts',
  ],
] as const;

test.each(pages)('%s shows what is run in %s, word for word', (page, path) => {
  const text = readText(page);
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
  const run = readText(path);
  expect(text).toContain(path);
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) expect(run).toContain(block);
  // And all of it: a test that the page does not show is no example.
  const shown = blocks.filter((block) => block.startsWith('test('));
  expect(run.match(/^test\(/gm)).toHaveLength(shown.length);
});
