import type { DocumentData, DocumentReference, Firestore } from 'firebase-admin/firestore';
import { addWrite } from '#kernel/firestore';
import { contentHash } from '../emit/content-hash.ts';
import { decodeEvent } from '../emit/event-document.ts';
import type { EventInput } from '../emit/event-input.ts';
import { planEvent } from '../emit/plan-event.ts';
import { streamEventId, streamHash } from '../streams/stream.ts';
import { aNote } from './an-event.ts';
import { aPlanContext } from './plan-context.ts';
import { planStream } from './planned-stream.ts';
import { writeAll } from './write-all.ts';

/** What the versions of a planted stream say. */
export function sayOf(entityId: string): (version: number) => Partial<EventInput> {
  return (version) => ({ entityId, payload: { any: { version, at: new Date(version) } } });
}

/** A log of two streams, of three plain events with two jobs each, and of another tenant's event. */
export class PlantedLog {
  readonly #firestore: Firestore;

  constructor(firestore: Firestore) {
    this.#firestore = firestore;
  }

  /** Writes all of it, as it is when nothing is wrong. */
  async plant(): Promise<void> {
    await writeAll(this.#firestore, planStream(5, sayOf('note1')).writes);
    await writeAll(this.#firestore, planStream(3, sayOf('note2')).writes);
    await this.plain('first', { text: 'one' });
    await this.plain('second', { text: 'two' });
    await this.plain('third', { text: 'three' });
    await this.plain('foreign', { text: 'one' }, 'org2');
  }

  /** A plain event about an entity of its own, with its jobs, recorded now. */
  async plain(id: string, payload: object, orgId = 'org1'): Promise<void> {
    const ids = { documentId: () => id, correlationId: () => `by-${id}` };
    const context = { ...aPlanContext(), ids };
    const input = aNote({ orgId, entityId: 'plain', payload });
    const batch = this.#firestore.batch();
    const { writes } = planEvent(context, input, 'planted', undefined);
    for (const write of writes) addWrite(this.#firestore, batch, write);
    await batch.commit();
  }

  event(id: string): DocumentReference {
    return this.#firestore.doc(`domain_events/${id}`);
  }

  /** A version of the longer stream, whose entity is note1. */
  version(version: number): DocumentReference {
    return this.event(this.idOf(version));
  }

  idOf(version: number, entityId = 'note1'): string {
    return streamEventId(streamHash({ ...aNote(), entityId }), version);
  }

  get head(): DocumentReference {
    return this.#firestore.doc(`streams/${streamHash(aNote())}`);
  }

  /** Changes an event, and makes it look as if it had been emitted so. */
  async forge(ref: DocumentReference, change: DocumentData): Promise<void> {
    await ref.update(change);
    const event = decodeEvent((await ref.get()).data());
    if (event === undefined) throw new Error('A forgery is an event.');
    await ref.update({ contentHash: contentHash(event) });
  }
}
