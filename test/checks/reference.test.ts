import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../functions/src/composition/settings.ts';
import { referencePages } from '../../tools/reference/pages.ts';

const root = new URL('../../', import.meta.url);
const pages = [...referencePages()];

describe('the generated reference', () => {
  test('has its pages, and they speak of what is deployed', () => {
    expect(pages.map(([path]) => path)).toHaveLength(2);
    for (const [, text] of pages) expect(text.match(/^## /gm)?.length).toBeGreaterThan(8);
  });

  test.each(pages)('%s is as `npm run reference` writes it', (path, text) => {
    expect(readFileSync(new URL(path, root), 'utf8')).toBe(text);
  });
});

describe('the page of settings', () => {
  test('names every parameter and its default', () => {
    const page = readFileSync(new URL('docs/reference/settings.md', root), 'utf8').replaceAll(
      / +/g,
      ' ',
    );
    const settings = {
      ...DEFAULT_SETTINGS,
      OUTBOX_SCHEDULE: '*/2 * * * *',
      DAILY_SCHEDULE: '0 3 * * *',
    };
    expect(Object.keys(settings).length).toBeGreaterThan(10);
    for (const [name, value] of Object.entries(settings)) {
      const shown = typeof value === 'number' ? String(value) : `\`${value}\``;
      expect(page).toContain(`| \`${name}\` | ${shown} |`);
    }
  });
});
