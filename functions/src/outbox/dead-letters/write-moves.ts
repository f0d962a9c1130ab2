import type { Move } from '../model/move.ts';
import type { OutboxStore } from '../store.ts';

/** Whether all were written; else none was. */
export async function writeMoves(store: OutboxStore, moves: readonly Move[]): Promise<boolean> {
  const [first, another] = moves;
  if (first === undefined || another !== undefined) return store.writeAll(moves);
  // A single write tells its own hidden repeat from somebody else's.
  return (await store.write(first.fence, first.next)).kind === 'written';
}
