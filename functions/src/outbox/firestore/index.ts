export { createFirestoreOutboxStore } from './firestore-store.ts';
