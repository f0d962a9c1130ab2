import type { Firestore } from 'firebase-admin/firestore';

/** Empties the emulator's database of this client's project: what an earlier test wrote is gone. */
export async function clearFirestore(firestore: Firestore): Promise<void> {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  if (host === undefined) throw new Error('Only an emulator is ever cleared.');
  const { projectId } = firestore as unknown as { projectId: string };
  const database = `projects/${projectId}/databases/(default)/documents`;
  const answer = await fetch(`http://${host}/emulator/v1/${database}`, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`The emulator did not clear: ${answer.status}.`);
}
