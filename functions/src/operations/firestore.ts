import type { Firestore, QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { TimePosition } from '#kernel';
import { decodeTimeCursor, encodeTimeCursor } from '#kernel';
import { buildQuery } from '#kernel/firestore';
import { operationOf, OPERATIONS, storedState } from './operation.ts';
import type { Operations } from './operations.ts';
import { OPERATIONS_BY_START, OPERATIONS_OF_STATE, OPERATIONS_STOPPED } from './queries.ts';

/** By how many fields they are asked for. */
const SHAPES = [OPERATIONS_BY_START, OPERATIONS_OF_STATE, OPERATIONS_STOPPED];

/** Lists operations; see `Operations.list`. */
export function createListOperations(firestore: Firestore): Operations['list'] {
  const operations = firestore.collection(OPERATIONS);
  return async ({ state, limit, cursor }) => {
    const name = ['operations', ...(state === undefined ? [] : [state])];
    const equals = state === undefined ? {} : storedState(state);
    const shape = SHAPES[Object.keys(equals).length] ?? OPERATIONS_BY_START;
    const after = cursor === undefined ? undefined : decodeTimeCursor(name, cursor);
    const { docs } = await buildQuery(operations, shape, { equals, after, limit }).get();
    const last = docs.length < limit ? undefined : docs.at(-1);
    return {
      operations: docs.flatMap((snapshot) => operationOf(snapshot.id, snapshot.data()) ?? []),
      nextCursor: last && encodeTimeCursor(name, positionOf(last)),
    };
  };
}

function positionOf(snapshot: QueryDocumentSnapshot): TimePosition {
  const { seconds, nanoseconds } = snapshot.get('startedAt') as Timestamp;
  return { seconds, nanoseconds, id: snapshot.id };
}
