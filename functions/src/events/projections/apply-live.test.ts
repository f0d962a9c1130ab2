import { describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import type { DomainEvent } from '../event.ts';
import { codedErrorOf } from '../testing/failure.ts';
import { ProjectionStage } from '../testing/projection-stage.ts';
import { ledger, totals } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import type { Generations } from './generations.ts';
import { decodeGenerations, statePath } from './generations.ts';
import type { Projection } from './projection.ts';
import { rebuildProjection, rebuildStep, startRebuild } from './rebuild.ts';
import { MAX_DOCUMENT_BYTES } from './stored-bytes.ts';

/** A log of an invoice's events, one a minute. */
function aStage(count: number): ProjectionStage {
  const stage = new ProjectionStage(1);
  for (let version = 1; version <= count; version += 1) {
    stage.record(anInvoiceEvent({ streamVersion: version }), stage.nowMs);
    stage.nowMs += MINUTE_MS;
  }
  stage.nowMs += 60 * MINUTE_MS;
  return stage;
}

describe('while a generation is being made', () => {
  const generationsIn = (stage: ProjectionStage) =>
    [...stage.documents.byPath.keys()]
      .filter((path) => path.startsWith(ledger.collection))
      .map((path) => path.split('~')[1]?.split('-')[0]);

  test('a live event is the live one’s alone, until the replay has passed all that is settled', async () => {
    const stage = aStage(2);
    await startRebuild(stage.deps, ledger, 'org1');
    const event = anInvoiceEvent({ streamVersion: 3 });
    stage.record(event);
    await stage.live(ledger, event);
    expect(generationsIn(stage)).toEqual(['1']);
    while ((await rebuildStep(stage.deps, ledger, 'org1')).kind === 'replayed');
    expect(generationsIn(stage)).toContain('2');
  });
});

describe('an event that only a generation being made cannot take', () => {
  const invoice = (entityId: string, streamVersion: number) =>
    anInvoiceEvent({ entityId, streamVersion, payload: { amountMinor: streamVersion } });
  const linesOf = async (stage: ProjectionStage, key: string) =>
    (await stage.read(ledger, key))?.lines;
  const stateOf = (stage: ProjectionStage): Generations | undefined =>
    decodeGenerations(stage.documents.byPath.get(statePath(ledger.id, 'org1')));

  /** An invoice's first two events are in the live generation, and in no log any more; the new one follows. */
  async function following(gone: readonly DomainEvent[]): Promise<ProjectionStage> {
    const stage = aStage(1);
    for (const event of gone) {
      stage.record(event);
      await stage.live(ledger, event);
      stage.documents.byPath.delete(`domain_events/${event.eventId}`);
    }
    await startRebuild(stage.deps, ledger, 'org1');
    while (stateOf(stage)?.building?.phase === 'replaying') {
      await rebuildStep(stage.deps, ledger, 'org1');
    }
    return stage;
  }

  test('is in the live one, and stops the other, which loses nothing by that', async () => {
    const gone = [invoice('i2', 1), invoice('i2', 2)];
    const stage = await following(gone);
    // The replay has gone past a time at which more is to come yet.
    const young = invoice('i4', 1);
    const before = stage.nowMs;
    stage.nowMs += MINUTE_MS;
    stage.record(young);
    await rebuildStep(stage.deps, ledger, 'org1');
    const third = invoice('i2', 3);
    stage.record(third);
    await stage.live(ledger, third);
    expect(await linesOf(stage, 'i2')).toEqual([1, 2, 3]);
    expect(stateOf(stage)?.building).toMatchObject({
      phase: 'replaying',
      stoppedBy: { code: 'projection-gap' },
    });
    const late = invoice('i3', 1);
    stage.record(late, before);
    await stage.live(ledger, late);
    for (const event of gone) stage.record(event, before);
    await rebuildProjection(stage.deps, ledger, 'org1');
    expect(stateOf(stage)).toMatchObject({ live: expect.stringMatching(/^2-/), building: null });
    expect(await linesOf(stage, 'i2')).toEqual([1, 2, 3]);
    expect([await linesOf(stage, 'i3'), await linesOf(stage, 'i4')]).toEqual([[1], [1]]);
  });
});

describe.each([
  ['of streams', ledger as Projection],
  ['keyed', totals as Projection],
])('a document %s that is larger than one can be', (_, projection) => {
  const large: Projection = {
    ...projection,
    apply: () => Array.from({ length: MAX_DOCUMENT_BYTES / 8 }, () => 1),
  };

  test('is refused by the event’s name, live and in a rebuild, with its size', async () => {
    const stage = aStage(1);
    const [data] = stage.documents.byPath.values();
    const event = anInvoiceEvent({ eventId: String(data!['eventId']), streamVersion: 1 });
    for (const act of [
      () => stage.live(large, event),
      () => rebuildProjection(stage.deps, large, 'org1'),
    ]) {
      const error = await codedErrorOf(act);
      expect(error).toMatchObject({ code: 'projection-failed', problems: [{ path: 'state' }] });
      expect(error.message).toMatch(
        /event \S+ \(invoice.*would have 10\d{5} bytes, at most 1048576/,
      );
    }
    expect(stage.countDocuments(large)).toBe(0);
  });
});

test('an event that is not in the log any more is older than any, where each is to be applied once', async () => {
  const stage = aStage(0);
  await expect(stage.live(totals, anInvoiceEvent())).rejects.toMatchObject({
    code: 'event-too-old',
  });
  expect(stage.countDocuments(totals)).toBe(0);
});
