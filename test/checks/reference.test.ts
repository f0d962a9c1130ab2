import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ROUTES } from '../../functions/src/api/routes.ts';
import { allEvents } from '../../functions/src/composition/testing/all-events.ts';
import { DEFAULT_SETTINGS } from '../../functions/src/composition/settings.ts';
import { referencePages } from '../../tools/reference/pages.ts';

const root = new URL('../../', import.meta.url);
const pages = [...referencePages()];

function shown(value: string | number): string {
  if (value === '') return 'none';
  return typeof value === 'number' ? String(value) : `\`${value}\``;
}

describe('the generated reference', () => {
  test('has its pages, and they speak of what is deployed', () => {
    const texts = pages.map(([, text]) => text);
    const [events, subscriptions, callables, asyncApi, openApi, cli, ...schemas] = texts;
    expect(schemas).toHaveLength(allEvents.length);
    expect(events?.match(/^### /gm)).toHaveLength(allEvents.length);
    expect(subscriptions?.match(/^\| `/gm)?.length).toBeGreaterThan(1);
    expect(callables?.match(/^## /gm)?.length).toBeGreaterThan(8);
    expect(openApi?.match(/"operationId": /g)).toHaveLength(ROUTES.length);
    expect(cli?.match(/^## `outbox /gm)?.length).toBeGreaterThan(20);
    expect(asyncApi?.match(/"payload": {\n *"\$ref"/g)).toHaveLength(allEvents.length);
  });

  test('links to headings and files that are there', () => {
    const [[, text]] = pages as [[string, string]];
    const headings = [...text.matchAll(/^#+ `(.+)`$/gm)];
    const anchors = new Set(headings.map(([, type]) => type!.replaceAll('.', '')));
    const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
    expect(targets.length).toBeGreaterThan(2 * allEvents.length);
    const isThere = (target: string): boolean =>
      target.startsWith('#')
        ? anchors.has(target.slice(1))
        : existsSync(new URL(`docs/reference/${target}`, root));
    expect(targets.filter((target) => !isThere(target))).toEqual([]);
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
      expect(page).toContain(`| \`${name}\` | ${shown(value)} |`);
    }
  });
});
