import { backend, firestore, serverTime } from './backend.ts';
import type { Emitting, Form } from './emit-forms.ts';
import { anEvent, ENTITY_PATH } from './emit-forms.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a batch and a transaction have in common here. */
interface Target {
  create(ref: ReturnType<typeof firestore.doc>, fields: Fields): unknown;
}

/** The two documents of one emit, as they are stored, to be written again under other ids. */
export interface Documents {
  readonly event: Fields;
  readonly job: Fields;
}

/** The same documents by Firestore's own calls: nothing is checked, hashed or decided. */
export function rawFormsOf(documents: Documents): Readonly<Record<Form, Emitting>> {
  const ref = firestore.doc(ENTITY_PATH);
  return {
    alone: async () => {
      const batch = firestore.batch();
      addDocuments(batch, documents);
      await batch.commit();
    },
    'in a transaction': (n) =>
      firestore.runTransaction(async (transaction) => {
        await transaction.get(ref);
        transaction.update(ref, { edits: n });
        addDocuments(transaction, documents);
      }),
    'in a stream': (n) =>
      firestore.runTransaction(async (transaction) => {
        await transaction.get(ref);
        const stream = { version: n, hash: documents.event['contentHash'], by: 'a'.repeat(20) };
        transaction.update(ref, { edits: n, stream });
        const event = { ...documents.event, streamVersion: n, previousHash: stream.hash };
        addDocuments(transaction, { ...documents, event });
      }),
  };
}

/** Emits one event for good and reads what became of it. */
export async function emitOnce(): Promise<Documents> {
  const { eventId, jobIds } = await backend.emit(anEvent());
  const paths = [`domain_events/${eventId}`, `outbox/${String(jobIds[0])}`];
  const [event, job] = await firestore.getAll(...paths.map((path) => firestore.doc(path)));
  if (jobIds.length !== 1 || event?.exists !== true || job?.exists !== true) {
    throw new Error('An emit that is compared with two documents writes an event and one job.');
  }
  const times = { createdAt: serverTime, openedAt: serverTime, updatedAt: serverTime };
  return {
    event: { ...event.data(), timestamp: serverTime },
    job: { ...job.data(), ...times, nextAttemptAt: serverTime },
  };
}

/** Adds both documents under fresh ids. */
export function addDocuments(target: Target, { event, job }: Documents): void {
  const eventRef = firestore.collection('domain_events').doc();
  const id = `${String(job['jobType'])}:${String(job['orgId'])}:${eventRef.id}`;
  target.create(eventRef, { ...event, eventId: eventRef.id });
  target.create(firestore.doc(`outbox/${id}`), { ...job, id, eventId: eventRef.id });
}
