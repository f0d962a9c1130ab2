import { initializeApp } from 'firebase-admin/app';
import type { Firestore } from 'firebase-admin/firestore';
import { getFirestore } from 'firebase-admin/firestore';

export type { Firestore };

/** A client of the emulator's database of this process's project; for code outside this package. */
export function openEmulatorFirestore(): Firestore {
  if (process.env['FIRESTORE_EMULATOR_HOST'] === undefined) {
    throw new Error('These tests write to an emulator only.');
  }
  return getFirestore(initializeApp());
}
