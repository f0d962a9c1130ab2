import type { Firestore } from 'firebase-admin/firestore';
import type { Duplex } from 'node:stream';

/** Documents that Firestore bills for. */
export interface Billed {
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
}

/** What every call of the client goes through: one method for plain calls, one for streams. */
interface Client {
  request(method: string, request: CommitRequest, ...rest: unknown[]): Promise<CommitResponse>;
  requestStream(method: string, ...rest: unknown[]): Promise<Duplex>;
}

interface CommitRequest {
  readonly writes?: readonly { readonly delete?: string; readonly verify?: string }[];
}

interface CommitResponse {
  readonly writeResults?: readonly unknown[];
  /** Only a batchWrite has it: each of its writes succeeds or fails alone. */
  readonly status?: readonly { readonly code?: number }[];
}

interface ReadResponse {
  readonly found?: unknown;
  readonly missing?: unknown;
  readonly document?: unknown;
}

/**
 * Counts what Firestore bills for while `work` runs: exact and free of noise, unlike time.
 *
 * A document looked up is a read whether or not it exists; a query is one read per document, at least
 * one. A write that was refused is not billed. Measures one piece of work at a time per client.
 */
export async function measure(firestore: Firestore, work: () => Promise<unknown>): Promise<Billed> {
  const count = { reads: 0, writes: 0, deletes: 0 };
  const client = firestore as unknown as Client;
  const request = client.request.bind(client);
  const requestStream = client.requestStream.bind(client);
  client.request = async (method, message, ...rest) => {
    const response = await request(method, message, ...rest);
    countWrites(count, message, response);
    return response;
  };
  client.requestStream = async (method, ...rest) => {
    const stream = await requestStream(method, ...rest);
    countReads(count, method, stream);
    return stream;
  };
  try {
    await work();
  } finally {
    // The class's own methods show again.
    Reflect.deleteProperty(client, 'request');
    Reflect.deleteProperty(client, 'requestStream');
  }
  return count;
}

type Count = { -readonly [Kind in keyof Billed]: Billed[Kind] };

function countWrites(count: Count, { writes }: CommitRequest, { status }: CommitResponse): void {
  for (const [index, write] of (writes ?? []).entries()) {
    const succeeded = (status?.[index]?.code ?? 0) === 0;
    if (!succeeded || isSet(write.verify)) continue;
    if (isSet(write.delete)) count.deletes += 1;
    else count.writes += 1;
  }
}

/** Looks on as the caller reads the stream; a listener of our own would set it flowing too early. */
function countReads(count: Count, method: string, stream: Duplex): void {
  const isQuery = method !== 'batchGetDocuments' && method !== 'listen';
  const emit = stream.emit.bind(stream);
  let documents = 0;
  stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event === 'data' && isDocument(values[0] as ReadResponse)) {
      documents += 1;
      count.reads += 1;
    }
    if (event === 'end' && isQuery && documents === 0) count.reads += 1;
    return emit(event, ...values);
  };
}

function isDocument({ found, missing, document }: ReadResponse): boolean {
  return [found, missing, document].some(isSet);
}

/** Protobuf messages hold null or an empty text where there is nothing. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
