import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { loadCallables, post } from './testing/deployed.ts';
import * as fc from 'fast-check';
import type { LogEntry } from '#kernel';
import { firebaseLogger } from '../composition/firebase-logger.ts';
import { readAllDocuments } from '../composition/testing/all-documents.ts';
import { firestore } from '../composition/testing/backend.ts';
import { commandTable } from '../composition/testing/command-cases.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { heapInUse } from '../kernel/testing/heap.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { WireAnswer } from './testing/deployed.ts';
import type { Nonsense } from './testing/nonsense.ts';
import { isMalformed, nonsenseTo } from './testing/nonsense.ts';
import { openAuth, tokenOf } from './testing/tokens.ts';

const RUNS_PER_CALLABLE = 30;
/** Far below what is sent adds up to. */
const MOST_HEAP_GROWTH_BYTES = 8 * 1024 * 1024;
/** What a call may be told, by its status and its code; the platform itself gives no code. */
const DOCUMENTED = new Set([
  '400 invalid-input',
  '400 payload-too-large',
  '400 failed-precondition',
  '400 undefined',
  '401 unauthenticated',
  '401 undefined',
  '403 permission-denied',
  '404 not-found',
  '409 already-exists',
  '409 idempotency-key-reused',
  '409 stream-conflict',
]);

let callables: Awaited<ReturnType<typeof loadCallables>>;
let closeAuth: () => void;
let world: World;
let things: string[];
const errors: LogEntry[] = [];

beforeAll(async () => {
  closeAuth = await openAuth();
  callables = await loadCallables();
  jest.spyOn(firebaseLogger, 'write').mockImplementation((entry) => {
    if (entry.severity === 'ERROR') errors.push(entry);
  });
  await clearFirestore(firestore);
  world = await aWorld();
  const ids = Object.values(world).flatMap((id: string | object) =>
    typeof id === 'string' ? [id] : Object.values(id).map(String),
  );
  things = [...ids, 'nowhere', 'ada', 'zoe'];
});

afterAll(() => closeAuth());

async function expectDocumented(name: string, { by, text }: Nonsense): Promise<string> {
  const body: unknown = JSON.parse(text);
  let answer: WireAnswer | undefined;
  const { writes, deletes } = await measure(firestore, async () => {
    answer = await post(callables.get(name)!, tokenOf(by), body);
  });
  const { status, body: answered } = answer!;
  if (status === 200) return '200';
  expect([writes, deletes]).toEqual([0, 0]);
  const { error } = answered;
  const told = `${status} ${error?.details?.code}`;
  if (told === '500 undefined' && isMalformed(body)) return told;
  expect(DOCUMENTED).toContain(told);
  expect(error?.message.length).toBeLessThan(20_000);
  return told;
}

/** Throws nonsense at every callable; answers what came back, and how often. */
async function throwNonsense(): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const [name, command, { by, input }] of commandTable) {
    const nonsense = nonsenseTo(command, { by, input: input(world) }, things);
    const isAnswered = fc.asyncProperty(nonsense, async (sent) => {
      const told = await expectDocumented(name, sent);
      seen.set(told, (seen.get(told) ?? 0) + 1);
    });
    await fc.assert(isAnswered, { numRuns: RUNS_PER_CALLABLE });
  }
  return seen;
}

// On a failure fast-check says its seed: `fc.assert(…, { seed, path })` plays it again.
test('whatever is thrown at the callables is refused as documented, and nothing is written partially', async () => {
  const seen = await throwNonsense();
  const usual = ['200', '400 invalid-input', '401 unauthenticated', '403 permission-denied'];
  expect([...seen.keys()]).toEqual(expect.arrayContaining(usual));
  const heapBefore = heapInUse();
  await throwNonsense();
  expect(heapInUse() - heapBefore).toBeLessThan(MOST_HEAP_GROWTH_BYTES);
  expect(errors).toEqual([]);
}, 240_000);

test('a refusal leaves every document as it was', async () => {
  const before = await readAllDocuments(firestore);
  const ofOrganizations = commandTable.filter(([, { input }]) => 'orgId' in input.shape);
  expect(ofOrganizations).toHaveLength(commandTable.length - 1);
  for (const [name, command, { by, input }] of ofOrganizations) {
    const nonsense = nonsenseTo(command, { by, input: input(world) }, things);
    for (const { text } of fc.sample(nonsense, { numRuns: 10 })) {
      // Nobody of the first organization: whatever is right about it, it is refused.
      const answer = await post(callables.get(name)!, tokenOf('joe'), JSON.parse(text));
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  }
  expect(await readAllDocuments(firestore)).toEqual(before);
}, 60_000);
