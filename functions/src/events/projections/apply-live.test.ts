import { describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '#kernel';
import { ProjectionStage } from '../testing/projection-stage.ts';
import { ledger } from '../testing/read-models.ts';
import { anInvoiceEvent } from '../testing/stored-event.ts';
import { rebuildStep, startRebuild } from './rebuild.ts';

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
    while ((await rebuildStep(stage.deps, ledger, 'org1')) === 'replayed');
    expect(generationsIn(stage)).toContain('2');
  });
});
