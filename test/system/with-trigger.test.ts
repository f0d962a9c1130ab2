import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeContracts } from '../../functions/src/composition/describe.ts';
import { readTenantDocuments } from '../../tools/local/firestore-reader.ts';
import type { Person } from '../../tools/local/person.ts';
import { signUp } from '../../tools/local/person.ts';
import { QUICK_SETTINGS } from '../../tools/local/settings.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { startStack } from '../../tools/local/stack.ts';
import { waitFor } from '../../tools/local/wait-for.ts';
import { killFunctionWorkers } from '../../tools/local/worker-killer.ts';
import { followAnOrder } from './order-story.ts';
import { playAndCheck } from './story.ts';

type Row = Readonly<Record<string, unknown>>;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ name: 'system', env: QUICK_SETTINGS });
});

afterAll(() => stack.stop());

/** An organization of two, and a comment by the first: the second is sent an e-mail. */
async function commentTo(email: string): Promise<{ orgId: string; people: Person[] }> {
  const author = await signUp(stack, 'Author', `author-${crypto.randomUUID()}@example.test`);
  const reader = await signUp(stack, 'Reader', email);
  const { orgId } = await author.call<{ orgId: string }>('createOrganization', {
    name: 'Crash & Co.',
    email: author.email,
    displayName: author.name,
  });
  const member = { orgId, uid: reader.uid, email, displayName: reader.name, role: 'member' };
  await author.call('addMember', member);
  const { matterId } = await author.call<{ matterId: string }>('createMatter', {
    orgId,
    title: 'A matter',
    memberUids: [reader.uid],
  });
  await author.call('addComment', { orgId, matterId, body: 'Are you there?' });
  return { orgId, people: [author, reader] };
}

async function commentEmail(orgId: string): Promise<Row | undefined> {
  const rows = await readTenantDocuments(stack, 'outbox', orgId);
  return rows.find((row) => row['jobType'] === 'email' && row['eventType'] === 'comment.added');
}

const callables = describeContracts().commands.map(({ name }) => name);

describe('a client that may not, or cannot', () => {
  test('there are callables to be refused by', () => {
    expect(callables.length).toBeGreaterThanOrEqual(10);
  });

  test.each(callables)('%s turns away whoever is not signed in', async (name) => {
    const response = await fetch(stack.functionUrl(name), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ data: {} }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { status: 'UNAUTHENTICATED' } });
  });

  test('every callable names the place of each problem', async () => {
    const person = await signUp(stack, 'Eve', `eve-${crypto.randomUUID()}@example.test`);
    for (const name of callables) {
      const refusal = person.call(name, { nonsense: true });
      await expect(refusal).rejects.toThrow(/functions\/invalid-argument.*"path":"\w+"/s);
    }
    await person.leave();
  });

  test('a stranger learns nothing of an organization, not even that it exists', async () => {
    const { orgId, people } = await commentTo(`reader-${crypto.randomUUID()}@example.test`);
    const eve = await signUp(stack, 'Eve', `eve-${crypto.randomUUID()}@example.test`);
    const refusals = await Promise.all(
      [orgId, 'no-such-org'].map((id) =>
        eve.call('createMatter', { orgId: id, title: 'Mine' }).catch((error: unknown) => error),
      ),
    );
    expect(refusals[0]).toEqual(refusals[1]);
    expect(refusals[0]).toMatchObject({ message: expect.stringMatching(/permission-denied/) });
    await Promise.all([eve, ...people].map((person) => person.leave()));
  });
});

describe('the whole system', () => {
  test('the trigger alone delivers everything that needs no retry', () =>
    playAndCheck(stack, { hasTick: false }));

  test('trigger and tick together deliver everything', () =>
    playAndCheck(stack, { hasTick: true }));

  test('an order that Stripe says is paid is invoiced, shipped and delivered, without a tick', async () => {
    const { answers, types, correlationIds, email } = await followAnOrder(stack);
    expect(answers).toEqual([200, 200, 400]);
    expect(types).toEqual({
      'order.created': 1,
      'order.checkout_sent': 1,
      'order.paid': 1,
      'fulfillment.created': 1,
      'invoice.issued': 1,
      'payment.received': 1,
      'invoice.paid': 1,
      'shipment.drafted': 1,
      'shipment.ready': 1,
      'shipment.in_transit': 1,
      'shipment.delivered': 1,
    });
    expect(correlationIds).toHaveLength(1);
    expect(email).toMatchObject({ jobType: 'email', eventType: 'order.checkout_sent' });
    expect(JSON.stringify(stack.functionsLog)).not.toContain('roe@example.test');
  });

  test('a worker that is killed between claim and settle loses nothing and spends no attempt', async () => {
    const { orgId, people } = await commentTo(`slow-${crypto.randomUUID()}+slow5@example.test`);
    const timeoutMs = 60_000;
    const claimed = await waitFor(
      () => commentEmail(orgId),
      (row) => row?.['status'] === 'processing',
      { what: 'the e-mail to be claimed', timeoutMs },
    );
    expect(claimed).toMatchObject({ attempts: 1, crashes: 0, runs: 1 });

    expect(killFunctionWorkers()).toBeGreaterThan(0);
    const delivered = await waitFor(
      async () => {
        await stack.tick();
        return commentEmail(orgId);
      },
      (row) => row?.['status'] === 'sent',
      { what: 'the e-mail to be sent by a tick past the lease', timeoutMs, pollMs: 500 },
    );
    await Promise.all(people.map((person) => person.leave()));

    expect(delivered).toMatchObject({ attempts: 1, crashes: 0, runs: 2 });
    const history = delivered?.['history'] as readonly Row[];
    expect(history).toMatchObject([
      { by: 'trigger', attempt: 1, outcome: 'crashed' },
      { by: 'tick', attempt: 1, outcome: 'sent' },
    ]);
    expect(history[0]).not.toHaveProperty('endedAt');
  });
});
