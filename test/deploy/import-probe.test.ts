import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { makeUploadFolder, runNode } from './uploaded-package.ts';

// The probe of the deploy test, tried on packages that do at import what ours must not.
describe('the import probe', () => {
  const { upload, home, remove } = makeUploadFolder();
  const probe = join(import.meta.dirname, 'import-probe.mjs');

  afterAll(remove);

  async function importPackage(name: string, text: string): Promise<Record<string, string[]>> {
    const main = join(upload, `${name}.mjs`);
    writeFileSync(main, text);
    const { stdout } = await runNode(upload, home, [probe, main]);
    return JSON.parse(stdout) as Record<string, string[]>;
  }

  test.each([
    ['timer', 'setTimeout(() => {}, 1);', /^Timeout/],
    ['unwatched-timer', 'setInterval(() => {}, 1000).unref();', /^Timeout/],
    ['imported-timer', "await (await import('node:timers/promises')).setTimeout(1);", /^Timeout/],
    ['name-lookup', "(await import('node:dns')).lookup('localhost', () => {});", /^GETADDRINFO/],
    ['request', "fetch('http://127.0.0.1:59999/').catch(() => {});", /^(TCP|Timeout|GETADDRINFO)/],
    [
      'connection',
      "(await import('node:net')).connect(9, '127.0.0.1').on('error', () => {});",
      /TCP/,
    ],
  ])('tells of a %s', async (name, text, expected) => {
    const { started } = await importPackage(name, text);
    expect(started?.[0]).toMatch(expected);
  });

  test('tells deployed functions from other exports', async () => {
    const text = 'export function plain() {}\nexport const deployed = { __endpoint: {} };\n';
    const { names, deployed, started } = await importPackage('exports', text);
    expect(names).toEqual(['deployed', 'plain']);
    expect(deployed).toEqual(['deployed']);
    expect(started).toEqual([]);
  });
});
