import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { cancelJob } from '#outbox';
import { createJobQuestions } from '#outbox/firestore';
import { backend, firestore, logs } from '../composition/testing/backend.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { heapInUse } from '../kernel/testing/heap.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { startOperation } from './routes/ops/operations.ts';
import { registerSchema } from './routes/schemas.ts';
import type { Answered, Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';
import type { Nonsense } from './testing/nonsense.ts';
import { nonsenseTo } from './testing/nonsense.ts';

/** Far below what the bodies that were sent add up to. */
const MOST_HEAP_GROWTH_BYTES = 8 * 1024 * 1024;

let world: World;
let ask: Ask;
let things: string[];

beforeAll(async () => {
  await clearFirestore(firestore);
  world = await aWorld();
  ask = await openApi(world);
  const { orgId, otherOrgId, matterId, commentId } = world;
  const schema = { type: 'object', properties: { n: { type: 'number' } } };
  const type = { type: 'custom.counted', description: 'Somebody counted.', schema };
  await backend.customTypes.register(orgId, type, { actorType: 'user', actorId: 'ada' });
  const pages = await Promise.all([
    backend.events.list({ orgId, limit: 2 }),
    backend.events.list({ orgId: otherOrgId, limit: 1 }),
  ]);
  const eventIds = pages.flatMap(({ events }) => events.map(({ eventId }) => eventId));
  const cursors = pages.flatMap(({ nextCursor }) => nextCursor ?? []);
  things = [...eventIds, ...cursors, matterId, commentId, 'matter', 'comment', 'custom.counted'];
  const { jobs, nextCursor = '' } = await createJobQuestions(firestore).list({ limit: 10 });
  // Some that can be sent round again.
  for (const { id } of jobs.slice(0, 5)) await cancelJob(backend.store, id);
  things.push(...jobs.map(({ id }) => id), nextCursor, 'pending', 'notif', 'poison', orgId);
  const redrive = { kind: 'redrive', params: { all: true }, by: 'ops', reason: 'Because.' };
  const start = () => backend.operations.start({ ...redrive, correlationId: 'request-1' });
  const [running, paused] = [await start(), await start()];
  const after = { state: 'stopped', wanted: 'paused', step: 2 };
  await firestore.doc(`operations/${paused.id}`).update(after);
  things.push(running.id, paused.id, 'paused');
});

/** Documents that a call may write: what its answer says, and otherwise none. */
function writesOf({ status, body }: Answered): number {
  if (status >= 400 || body?.results === undefined) return 0;
  const { results } = body;
  return results.reduce(
    (sum, { duplicate, jobIds }) => sum + (duplicate ? 0 : 1 + jobIds.length),
    0,
  );
}

async function expectDocumented(route: Route, { method, path, asked }: Nonsense): Promise<number> {
  let answer: Answered | undefined;
  const billed = await measure(firestore, async () => {
    answer = await ask(method, path, asked);
  });
  const { status } = answer!;
  expect(status).not.toBe(500);
  if (isAudited(route, method)) {
    // With the key of one that was started it starts none.
    if (route === startOperation && status === 200) expect(billed.writes).toBe(2);
    else expectAudited(status, billed.writes);
    return status;
  }
  // Registering a type writes its version and the list, or nothing where it is there.
  const isRegistered = route === registerSchema && status === 201;
  expect(isRegistered && billed.writes <= 2 ? 0 : billed.writes).toBe(writesOf(answer!));
  return status;
}

function isAudited({ scope }: Route, method: string): boolean {
  return scope === 'platform' && method === 'POST';
}

/** A change has its entry and the entry's outcome, one that was refused the same, and what is malformed none. */
function expectAudited(status: number, writes: number): void {
  expect(writes).toBeLessThanOrEqual(5);
  expect(writes > 2).toBe(status < 300);
  expect(writes).not.toBe(1);
}

/** Bodies of producers and admins have most ways to be wrong; some routes take nothing, and cost a lot. */
function runsOf({ method, scope, params, query }: Route, runs: number): number {
  const fields = Object.keys({ ...params.shape, ...query.shape });
  if (method === 'GET' && fields.length === 0) return Math.ceil(runs / 10);
  return method === 'POST' && scope !== 'platform' ? 3 * runs : runs;
}

/** Throws nonsense at every route; answers the statuses that came back. */
async function throwNonsense(runs: number): Promise<Set<number>> {
  const seen = new Set<number>();
  for (const route of ROUTES) {
    const isAnswered = fc.asyncProperty(nonsenseTo(route, world, things), async (nonsense) => {
      seen.add(await expectDocumented(route, nonsense));
    });
    await fc.assert(isAnswered, { numRuns: runsOf(route, runs) });
  }
  return seen;
}

/** Without what the tests themselves keep. */
function heapOfApi(): number {
  logs.entries.length = 0;
  return heapInUse();
}

// On a failure fast-check says its seed: `fc.assert(…, { seed, path })` plays it again.
test('whatever is thrown at the API is answered as the contract says, and nothing is written partially', async () => {
  const seen = await throwNonsense(200);
  const all = [200, 201, 400, 401, 403, 404, 405, 413, 415, 422];
  expect([...seen]).toEqual(expect.arrayContaining(all));
  expect(logs.entries.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
  const audits = (await firestore.collection('audit_log').get()).docs;
  const outcomes = new Set(audits.map((entry) => entry.get('outcome') as unknown));
  // Chance decides which: changes that were made were among them.
  const made = ['redriven', 'cancelled', 'still-open'].filter((outcome) => outcomes.has(outcome));
  expect(made.length).toBeGreaterThan(1);
  expect(outcomes).not.toContain(undefined);
}, 180_000);

test('what was thrown at the API is not held in memory', async () => {
  const before = heapOfApi();
  await throwNonsense(50);
  expect(heapOfApi() - before).toBeLessThan(MOST_HEAP_GROWTH_BYTES);
}, 120_000);
