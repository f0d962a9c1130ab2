import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';
import { API_CONTRACT, renderApiContract } from '../../tools/reference/api-contract.ts';

const readText = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the command line’s types of the API are as `npm run reference` writes them', async () => {
  const text = readText(API_CONTRACT);
  expect(text).toBe(await renderApiContract());
  expect(text).toContain('getOperation: {');
});

test('there is a command for every kind of operation that the reference knows', () => {
  const page = readText('docs/reference/operations.md');
  const kinds = [...page.matchAll(/^## ([a-z-]+)$/gm)].map(([, kind]) => kind);
  expect(kinds.length).toBeGreaterThan(4);
  const { commands } = createProgram(() => Promise.resolve());
  const names = new Set(commands.map((command) => command.name()));
  expect(kinds.filter((kind) => !names.has(kind ?? ''))).toEqual([]);
});
