import { createRequire } from 'node:module';
import type { Firestore } from 'firebase-admin/firestore';
import type { DocumentData } from '#kernel';

/** The parts of Firestore's client that turn a document into what goes over the wire. */
interface Client {
  readonly _serializer: { encodeFields(data: DocumentData): unknown };
}

interface Message {
  encode(message: unknown): { finish(): Uint8Array };
}

interface Protos {
  readonly google: {
    readonly firestore: {
      readonly v1: { readonly Document: Message; readonly BatchGetDocumentsResponse: Message };
    };
  };
}

// Shipped with Firestore's client; not a package that this one depends on by itself.
const protos = createRequire(import.meta.url)('@google-cloud/firestore-api/protos') as Protos;
const { Document, BatchGetDocumentsResponse } = protos.google.firestore.v1;

function fieldsOf(firestore: Firestore, data: DocumentData): unknown {
  const { _serializer: serializer } = firestore as unknown as Client;
  return serializer.encodeFields(data);
}

/** A document's fields as protobuf. */
export function encodeDocument(firestore: Firestore, data: DocumentData): Uint8Array {
  return Document.encode({ fields: fieldsOf(firestore, data) }).finish();
}

/** What the trigger is called with when a document is created. */
export function encodeCreation(firestore: Firestore, name: string, data: DocumentData): Buffer {
  const time = { seconds: 1, nanos: 0 };
  const document = {
    name,
    fields: fieldsOf(firestore, data),
    createTime: time,
    updateTime: time,
  };
  // The trigger's message has the document where this one has it: as field 1.
  return Buffer.from(BatchGetDocumentsResponse.encode({ found: document }).finish());
}
