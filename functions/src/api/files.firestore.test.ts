import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openWorker, sweep } from '#outbox';
import { storageIn } from '../composition/storage.ts';
import { backend, firestore } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { openApi } from './testing/api.ts';
import type { Served } from './testing/serve.ts';
import { serve } from './testing/serve.ts';

const run = promisify(execFile);
let served: Served;
let world: World;

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  served = await serve(await openApi(world));
});

afterAll(() => served.close());

/** The commands of a page, in blocks. */
function commandsOf(name: string): string[] {
  const page = new URL(`../../../docs/how-to/${name}.md`, import.meta.url);
  const blocks = readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms);
  return [...blocks].map(([, code]) => code ?? '');
}

/** Runs commands of a page with the functions that another one gives. */
async function runPage(name: string): Promise<string> {
  const [functions = ''] = commandsOf('operate');
  const commands = ['set -euo pipefail', functions, ...commandsOf(name)].join('\n');
  const env = { ...process.env, API: served.url, OPERATOR: 'ops', ORG: world.orgId };
  return (await run('bash', ['-c', commands], { env })).stdout;
}

async function tick(): Promise<void> {
  const handlers = backend.subscriptions.handlersFor();
  const worker = openWorker(backend.processor, { by: 'tick', handlers, budgetMs: 100_000 });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

/** The line of JSON that the page shows in several. */
function exampleLine(): string {
  const page = new URL('../../../docs/how-to/import-history.md', import.meta.url);
  const [, example = ''] = /^```json\n(.*?)^```$/ms.exec(readFileSync(page, 'utf8')) ?? [];
  return JSON.stringify(JSON.parse(example));
}

test('docs/how-to/import-history.md: its commands import its line', async () => {
  await storageIn('').put('imports/history.ndjson', Buffer.from(exampleLine()));
  const said = await runPage('import-history');
  expect(said.match(/"estimate": 1\b/g)).toHaveLength(1);
  await tick();
  const { docs } = await firestore.collection('operations').get();
  const ended = docs.map((row) => `${String(row.get('kind'))} ${String(row.get('state'))}`);
  expect(ended.toSorted()).toEqual(['catch-up done', 'import done', 'import done']);
  const stored = await firestore.collection('domain_events').where('imported', '==', true).get();
  expect(stored.docs.map((row) => row.get('entityId') as string)).toEqual(['legacy-4711']);
});

test('docs/how-to/export.md: its commands start what it says', async () => {
  await runPage('export');
  await tick();
  const { docs } = await firestore.collection('operations').orderBy('startedAt', 'desc').get();
  const outputs = docs.slice(0, 2).map((row) => [row.get('kind'), row.get('output')] as const);
  expect(outputs).toEqual([
    ['accounting', expect.stringMatching(`^exports/${world.orgId}/`)],
    ['export', expect.stringMatching(`^exports/${world.orgId}/`)],
  ]);
});
