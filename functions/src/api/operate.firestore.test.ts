import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { firestore } from '../composition/testing/backend.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { openApi } from './testing/api.ts';
import { failForGood, plantJob } from './testing/dead-letters.ts';
import type { Served } from './testing/serve.ts';
import { serve } from './testing/serve.ts';

const run = promisify(execFile);
const page = new URL('../../../docs/how-to/operate.md', import.meta.url);

const LONG_AGO_MS = 1_000_000_000_000;

let served: Served;

beforeAll(async () => {
  await clearFirestore(firestore);
  served = await serve(await openApi(await aWorld()));
});

afterAll(() => served.close());

test('docs/how-to/operate.md: its commands do what it says', async () => {
  const { docs } = await firestore.collection('outbox').where('jobType', '==', 'notif').get();
  await failForGood(docs.slice(0, 3).map(({ id }) => id));
  const line = { orderingKey: 'line1', status: 'failed', nextAttemptAt: undefined } as const;
  // Older than those of today.
  const failure = { reason: 'permanent', at: LONG_AGO_MS } as const;
  await plantJob({ ...line, failure, id: 'mail:org1:e1', sequence: 1, blocking: true });
  // More organizations than a page has; the last one has a job that is due some day.
  const orgIds = Array.from({ length: 60 }, (_, index) => `zz${String(index).padStart(2, '0')}`);
  await Promise.all(orgIds.map((orgId) => firestore.doc(`orgs/${orgId}`).set({ orgId })));
  await plantJob({ orgId: orgIds.at(-1)!, id: 'mail:last:e1', nextAttemptAt: 4_000_000_000_000 });
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)];
  expect(blocks.length).toBeGreaterThan(8);
  const commands = ['set -euo pipefail', ...blocks.map(([, code]) => code ?? '')].join('\n');
  const env = { ...process.env, API: served.url, OPERATOR: 'ops' };
  const { stdout } = await run('bash', ['-c', commands], { env });
  expect(stdout).toContain('"deadLetters": 4');
  // The command line's table.
  expect(stdout).toMatch(/^dead letters +4$/m);
  expect(stdout.match(/"outcome":"\w+"/g)).toEqual([
    '"outcome":"redriven"',
    '"outcome":"cancelled"',
    '"outcome":"redriven"',
    '"outcome":"resuming"',
  ]);
  expect(stdout).toContain('"event": "');
  expect(stdout).toContain('"waiting": 0');
  expect(stdout).toContain('"orgId": "zz59"');
  expect(stdout).toContain('"newestDeadLetter": {');
  const audits = await firestore.collection('audit_log').get();
  // Two operations started, one of them paused and cancelled, which is its end.
  expect(stdout).toContain('"wanted": "cancelled"');
  expect(audits.size).toBe(10);
});

test('docs/how-to/operate.md: a command that is refused says so, and fails', async () => {
  const [setUp = '', look = ''] = [
    ...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms),
  ].map(([, code]) => code);
  const env = { ...process.env, API: served.url, OPERATOR: 'ada' };
  const refused = run('bash', ['-c', `set -euo pipefail\n${setUp}${look}`], { env });
  await expect(refused).rejects.toMatchObject({
    stdout: expect.stringContaining('permission-denied'),
  });
});
