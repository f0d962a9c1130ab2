import { startFirestoreEmulator } from './firestore-emulator.ts';

/**
 * Starts one Firestore emulator for all test files. They are kept apart by project id
 * (`own-project-id.ts`), which is far cheaper than one emulator each.
 */
export default async function startFirestore(): Promise<void> {
  const emulator = await startFirestoreEmulator();
  process.env['FIRESTORE_EMULATOR_HOST'] = emulator.address;
  process.env['GCLOUD_PROJECT'] = 'demo-outbox';
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  globalThis.firestoreEmulator = emulator;
}
