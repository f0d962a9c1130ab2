import { createRunTransaction } from '../../functions/src/kernel/firestore/index.ts';
import { systemIds } from '../../functions/src/kernel/index.ts';
import type { Emitting, Form } from './emit-forms.ts';
import { anEvent, ENTITY_PATH } from './emit-forms.ts';
import { backend, firestore } from './backend.ts';

const { emit } = backend;
const runTransaction = createRunTransaction(firestore);

/** Each form as a feature writes it, with `emitDomainEventWithOutbox`. */
export const oursByForm: Readonly<Record<Form, Emitting>> = {
  alone: async () => {
    await emit(anEvent());
  },
  'in a transaction': (n) =>
    firestore.runTransaction(async (transaction) => {
      const ref = firestore.doc(ENTITY_PATH);
      await transaction.get(ref);
      transaction.update(ref, { edits: n });
      await emit(anEvent(), { transaction });
    }),
  'in a stream': (n) =>
    runTransaction(systemIds.documentId(), async (transaction) => {
      await transaction.get(ENTITY_PATH);
      transaction.update(ENTITY_PATH, { edits: n });
      const stream = { expectedVersion: 'any', headPath: ENTITY_PATH } as const;
      await emit({ ...anEvent(), stream }, { transaction });
    }),
};
