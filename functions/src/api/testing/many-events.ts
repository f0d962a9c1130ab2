import type { Firestore } from 'firebase-admin/firestore';

const COMMIT = 500;
const FIRST_MS = Date.parse('2020-01-01');

/** Writes as many events like the one that is there, a second apart and all older than it. */
export async function addEventsLike(
  firestore: Firestore,
  eventId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const event = (await firestore.doc(`domain_events/${eventId}`).get()).data();
  if (event === undefined) throw new Error(`There is no event ${eventId}.`);
  for (let first = from; first < to; first += COMMIT) {
    const batch = firestore.batch();
    for (let n = first; n < Math.min(first + COMMIT, to); n += 1) {
      const id = `like-${String(n).padStart(9, '0')}`;
      const timestamp = new Date(FIRST_MS + n * 1_000);
      batch.create(firestore.doc(`domain_events/${id}`), { ...event, eventId: id, timestamp });
    }
    await batch.commit();
  }
}
