import { expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { MAX_DOCUMENT_BYTES, storedBytes } from './stored-bytes.ts';

/** Of gRPC. */
const INVALID_ARGUMENT = 3;
const firestore = getFirestore(initializeApp());

const path = 'projections_large/org1~1-token~key';
const fields = {
  orgId: 'org1',
  state: { at: new Date(0), lines: [1, 2.5, -3], none: null, is: true, ä: 'ü', deep: { a: [] } },
};

/** With a text that makes the whole of it so many bytes. */
function ofSize(bytes: number) {
  const text = 'x'.repeat(bytes - storedBytes(path, { ...fields, text: '' }));
  return { ...fields, text };
}

test('a document is as large as Firestore says', async () => {
  await firestore.doc(path).set(ofSize(MAX_DOCUMENT_BYTES));
  const larger = ofSize(MAX_DOCUMENT_BYTES + 1);
  await expect(firestore.doc(path).set(larger)).rejects.toMatchObject({ code: INVALID_ARGUMENT });
});
