import { beforeEach, expect, test } from '@jest/globals';
import { executeCommand } from '#events';
import { openWorker, runJobsNow } from '#outbox';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { KeptSpans } from '../kernel/testing/kept-spans.ts';
import * as commands from './commands.ts';
import { backend, firestore } from './testing/backend.ts';
import type { World } from './testing/world.ts';
import { aWorld } from './testing/world.ts';

const spans = KeptSpans.register();
const TRACE = '1'.repeat(32);
const CLIENT = 'a'.repeat(16);

let world: World;

beforeEach(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  spans.forget();
});

test('a call, what it sets off and the mails of that are one trace across the outbox', async () => {
  const { orgId, matterId } = world;
  const caller = { uid: 'ben', correlationId: 'c1', traceparent: `00-${TRACE}-${CLIENT}-01` };
  const data = { orgId, matterId, body: 'Hi' };
  await executeCommand(backend.commands, commands.addComment, caller, data);
  const { docs } = await firestore
    .collection('outbox')
    .where('metadata.correlationId', '==', 'c1')
    .get();
  const handlers = backend.subscriptions.handlersFor();
  const worker = openWorker(backend.processor, { by: 'trigger', handlers, budgetMs: 100_000 });
  await runJobsNow(
    worker,
    docs.map(({ id }) => id),
  );

  const kept = spans.all();
  expect(new Set(kept.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  const drawn = kept.map(({ name, under }) => `${under} → ${name}`);
  expect([...new Set(drawn)]).toEqual([
    `${CLIENT} → command addComment`,
    'process notif → process email',
    'command addComment → process notif',
    'process email → send email',
  ]);
});
