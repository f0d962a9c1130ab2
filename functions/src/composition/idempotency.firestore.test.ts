import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import { readAllDocuments, changesBetween } from './testing/all-documents.ts';
import type { AllDocuments } from './testing/all-documents.ts';
import { call, firestore } from './testing/backend.ts';
import { changeTable } from './testing/command-cases.ts';
import { businessIn, effectsOf, inCollection } from './testing/effects.ts';
import { jobTypesOf } from './testing/expected.ts';
import type { World } from './testing/world.ts';
import { aWorld } from './testing/world.ts';

type Answer = Readonly<Record<string, unknown>>;

function withoutUndefined(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

describe.each(changeTable)('%s with a key', (_, command, { by, input, otherwise }) => {
  // What was written is found by reading everything.
  beforeEach(() => clearFirestore(firestore));

  test('gives the first answer again and writes nothing', async () => {
    const said = { ...input(await aWorld()), idempotencyKey: 'k'.repeat(200) };
    const first = await call(command, by, said);
    const { written, answer } = await effectsOf(() => call(command, by, said));
    expect(answer).toEqual(first);
    expect([...written.keys()]).toEqual([]);
  });

  test('refuses another input under it', async () => {
    const said = { ...input(await aWorld()), idempotencyKey: 'k' };
    await call(command, by, said);
    const other = withoutUndefined({ ...said, ...otherwise });
    const { written } = await effectsOf(() =>
      expect(call(command, by, other)).rejects.toMatchObject({ code: 'idempotency-key-reused' }),
    );
    expect([...written.keys()]).toEqual([]);
  });
});

describe('five calls at once with one key', () => {
  const worlds = new Map<string, World>();
  const answers = new Map<string, Answer[]>();
  let written: AllDocuments = new Map();

  // All commands side by side: contending transactions spend their time waiting.
  beforeAll(async () => {
    for (const [name] of changeTable) worlds.set(name, await aWorld());
    const before = await readAllDocuments(firestore);
    const all = changeTable.map(async ([name, command, { by, input }]) => {
      const said = { ...input(worlds.get(name)!), idempotencyKey: 'at once' };
      const five = Array.from({ length: 5 }, () => call(command, by, said, `five-${name}`));
      answers.set(name, await Promise.all(five));
    });
    await Promise.all(all);
    written = changesBetween(before, await readAllDocuments(firestore));
  }, 180_000);

  function writtenIn(organization: string, collection: string): unknown[] {
    return Object.values(inCollection(written, collection)).filter(
      (data) => (data as { orgId: string }).orgId === organization,
    );
  }

  test.each(changeTable)('of %s have one effect and equal answers', (name, _, { outcome }) => {
    const [first, ...others] = answers.get(name)!;
    expect(others).toEqual([first, first, first, first]);
    const { events, documents, orgId } = outcome(worlds.get(name)!, first!);
    expect(writtenIn(orgId, 'domain_events')).toHaveLength(events.length);
    const jobs = events.flatMap(({ eventType }) => jobTypesOf(eventType));
    expect(writtenIn(orgId, 'outbox')).toHaveLength(jobs.length);
    // A stream's head of its own does not say whose it is.
    const ofOrganization = Object.entries(businessIn(written)).filter(
      ([path, data]) => (data as { orgId: string }).orgId === orgId || path in documents,
    );
    const paths = ofOrganization.map(([path]) => path);
    expect(paths.toSorted()).toEqual(Object.keys(documents).toSorted());
  });
});
