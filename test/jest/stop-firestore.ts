/** Stops the emulator that `start-firestore.ts` left on `globalThis`. */
export default async function stopFirestore(): Promise<void> {
  await globalThis.firestoreEmulator?.stop();
}
