import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { catalog } from '../../functions/src/composition/catalog.ts';

const root = new URL('../../', import.meta.url);
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Pages whose examples are run, each with the tests that run them and what those are about. */
const pages: readonly (readonly [page: string, paths: readonly string[]])[] = [
  [
    'docs/how-to/test-a-handler-without-an-emulator.md',
    ['functions/src/composition/handlers-without-an-emulator.test.ts'],
  ],
  [
    'docs/how-to/event-sourced-feature.md',
    [
      'functions/src/events/testing/gift-card.ts',
      'functions/src/events/aggregates/event-sourced-feature.test.ts',
    ],
  ],
];

test.each(pages)('%s shows what is run in %p, word for word', (page, paths) => {
  const text = readText(page);
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
  const run = paths.map(readText).join('\n');
  for (const path of paths) expect(text).toContain(path);
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) expect(run).toContain(block);
  // And all of it: a test that the page does not show is no example.
  const shown = blocks.filter((block) => block.startsWith('test('));
  expect(run.match(/^test\(/gm)).toHaveLength(shown.length);
});

test('the feature that docs/how-to/add-a-feature.md adds is not there yet', () => {
  const text = readText('docs/how-to/add-a-feature.md');
  const types = [...text.matchAll(/type: '([a-z.]+)'/g)].map(([, type = '']) => type);
  const slices = [...text.matchAll(/features\/([a-z]+)\//g)].map(([, slice = '']) => slice);
  expect(types.length).toBeGreaterThan(0);
  expect(slices.length).toBeGreaterThan(3);
  expect(types.filter((type) => catalog.get(type) !== undefined)).toEqual([]);
  const folders = slices.map((slice) => new URL(`functions/src/features/${slice}`, root));
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});
