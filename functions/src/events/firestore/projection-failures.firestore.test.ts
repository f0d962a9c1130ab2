import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { MINUTE_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import type { Deployed } from '../testing/failing-read-models.ts';
import { asDeployed, TOO_MUCH } from '../testing/failing-read-models.ts';
import { KeptReadModels } from '../testing/firestore-projections.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';

const firestore = getFirestore(initializeApp());
const orgId = 'org1';
const code: Deployed = { says: undefined };
const { totals, ledger } = asDeployed(code);
let kept: KeptReadModels;

beforeEach(async () => {
  code.says = undefined;
  kept = await KeptReadModels.open(firestore, [totals, ledger]);
});

/** Three that were sent; the second over too much. */
const events: readonly DomainEvent[] = [1, TOO_MUCH, 3].map((amountMinor, index) =>
  anInvoiceEvent({ streamVersion: index + 1, payload: { amountMinor } }),
);
const wrong = events[1]!;

function fails(): never {
  throw new TypeError('there is no such amount');
}

const endless: Record<string, unknown> = {};
endless['a'] = endless;

/** What old code does, and the path that the error names. */
const answers: [string, () => unknown, string][] = [
  ['that throws', fails, 'apply'],
  ['that answers undefined', () => undefined, 'state'],
  ['that answers undefined inside', () => ({ a: { b: undefined } }), 'state.a.b'],
  ['that answers NaN', () => ({ a: [Number.NaN] }), 'state.a.0'],
  ['that answers a function', () => ({ a: () => 1 }), 'state.a'],
  ['that answers a promise', async () => ({}), 'state'],
  ['that answers a reserved name', () => ({ __a__: 1 }), 'state.__a__'],
  ['that answers what has no end', () => endless, `state${'.a'.repeat(19)}`],
];

describe.each([
  ['of streams', ledger, 'i1', { lines: [1, TOO_MUCH, 3] }],
  ['keyed', totals, 'm1', { sent: 3, paid: 0, amountMinor: 4 + TOO_MUCH }],
] as const)('an event that a read model %s cannot take', (_, projection, key, all) => {
  test.each(answers)('by code %s, is named by its dead letter', async (__, says, path) => {
    code.says = says;
    await kept.record(events);
    const [job] = await kept.jobs(wrong, projection);
    for (let run = 0; run < 5; run += 1) {
      await kept.engine.tick();
      kept.engine.later(30 * MINUTE_MS);
    }
    const { status, lastError } = await kept.engine.job(job!.id);
    expect([status, lastError?.code]).toEqual(['failed', 'projection-failed']);
    const named = `${projection.id} cannot take event ${wrong.eventId} (invoice.sent version 2, version 2 of its stream): ${path}: `;
    expect(lastError?.message).toContain(named);
  });

  test('stops its rebuild, which says why, and goes on once code can take it', async () => {
    code.says = fails;
    await kept.record(events, new Date(kept.engine.startMs - 60 * MINUTE_MS));
    const error = await codedErrorOf(() => kept.projections.rebuild(projection, orgId));
    expect(error).toMatchObject({ code: 'projection-failed', problems: [{ path: 'apply' }] });
    expect(error.message).toContain(wrong.eventId);
    const status = await kept.projections.status(projection, orgId);
    expect(status.building).toMatchObject({
      replayed: 0,
      stoppedBy: { code: 'projection-failed', message: error.message, at: expect.any(Date) },
    });
    // Again, and nothing is left out by that.
    await codedErrorOf(() => kept.projections.rebuildStep(projection, orgId));
    const being = status.building?.generation;
    code.says = undefined;
    expect(await kept.projections.rebuildStep(projection, orgId)).toMatchObject({
      kind: 'replayed',
    });
    const after = await kept.projections.status(projection, orgId);
    expect(after.building).toMatchObject({ generation: being, replayed: 3, stoppedBy: null });
    await kept.projections.rebuild(projection, orgId);
    expect(await kept.projections.read(projection, { orgId, key })).toEqual(all);
  });
});

test('an event before the one that came is the one that is named', async () => {
  code.says = fails;
  await kept.record(events);
  const [job] = await kept.jobs(events[2]!, ledger);
  await kept.engine.tick();
  const { lastError } = await kept.engine.job(job!.id);
  expect(lastError?.message).toContain(`ledger cannot take event ${wrong.eventId}`);
});

describe('an event that no code can read', () => {
  beforeEach(async () => {
    await kept.record(events, new Date(kept.engine.startMs - 60 * MINUTE_MS));
    await firestore.doc(`domain_events/${wrong.eventId}`).update({ schemaVersion: 9 });
  });

  test('stops a rebuild by its name', async () => {
    const error = await codedErrorOf(() => kept.projections.rebuild(totals, orgId));
    expect(error).toMatchObject({
      code: 'event-unreadable',
      problems: [{ path: 'schemaVersion' }],
    });
    expect(error.message).toContain(wrong.eventId);
    const { building } = await kept.projections.status(totals, orgId);
    expect(building?.stoppedBy).toMatchObject({ code: 'event-unreadable' });
  });

  test('is named where it stands before one that came', async () => {
    const [job] = await kept.jobs(events[2]!, ledger);
    await kept.engine.tick();
    const { lastError } = await kept.engine.job(job!.id);
    expect(lastError).toMatchObject({ code: 'event-unreadable' });
    expect(lastError?.message).toContain(wrong.eventId);
  });
});
