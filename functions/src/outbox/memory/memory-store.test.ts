import { outboxStoreContract } from '../testing/store-contract.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { createMemoryOutboxStore } from './memory-store.ts';

outboxStoreContract('in memory', () => {
  const documents = new MemoryDocuments(() => Date.now());
  return Promise.resolve({
    store: createMemoryOutboxStore(documents),
    write: async (writes) => {
      documents.commit(writes.map((write) => ({ write })));
    },
    read: async (path) => documents.get(path)?.data,
  });
});
