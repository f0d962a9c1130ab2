import type { Firestore } from 'firebase-admin/firestore';
import { Timestamp } from 'firebase-admin/firestore';
import type { EventInput } from '../emit/event-input.ts';
import { planEvent } from '../emit/plan-event.ts';
import { addWrite } from '#kernel/firestore';
import { aNote } from './an-event.ts';
import { aPlanContext } from './plan-context.ts';

/** An event that is there without its emit: what it says, and what only a raw write can say. */
export interface PlantedEvent extends Partial<EventInput> {
  readonly id: string;
  /** When it was recorded, in whole microseconds since the epoch. */
  readonly atMicros: number;
}

function timestampOfMicros(micros: number): Timestamp {
  const seconds = Math.floor(micros / 1_000_000);
  return new Timestamp(seconds, (micros - seconds * 1_000_000) * 1_000);
}

/** Writes plain events without jobs, a few hundred at most. */
export async function plantEvents(
  firestore: Firestore,
  planted: readonly PlantedEvent[],
): Promise<void> {
  const batch = firestore.batch();
  for (const { id, atMicros, ...said } of planted) {
    const ids = { documentId: () => id, correlationId: () => `by-${id}` };
    const context = { ...aPlanContext(), jobsFor: () => [], ids };
    const [write] = planEvent(context, aNote(said), 'planted', undefined).writes;
    if (write?.kind !== 'create') throw new Error('An event is created.');
    const timestamp = timestampOfMicros(atMicros);
    addWrite(firestore, batch, { ...write, data: { ...write.data, timestamp } });
  }
  await batch.commit();
}
