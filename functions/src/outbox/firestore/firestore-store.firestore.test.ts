import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { addWrite } from '#kernel/firestore';
import { clearFirestore } from '../../kernel/testing/clear-firestore.ts';
import { outboxStoreContract } from '../testing/store-contract.ts';
import { createFirestoreOutboxStore } from './firestore-store.ts';

const firestore = getFirestore(initializeApp());

outboxStoreContract('in Firestore', async () => {
  await clearFirestore(firestore);
  return {
    store: createFirestoreOutboxStore(firestore),
    write: async (writes) => {
      const batch = firestore.batch();
      for (const write of writes) addWrite(firestore, batch, write);
      await batch.commit();
    },
    read: async (path) => (await firestore.doc(path).get()).data(),
  };
});
