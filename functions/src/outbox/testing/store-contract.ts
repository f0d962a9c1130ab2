import { describe } from '@jest/globals';
import type { MakeStore } from './store-contract/bench.ts';
import { describeControls, describeEditControls } from './store-contract/controls.ts';
import { describeDueEdges } from './store-contract/due-edges.ts';
import { describeFindDue, describeWhatIsDue } from './store-contract/find-due.ts';
import { describeHeldRows } from './store-contract/held-rows.ts';
import { describeLines } from './store-contract/lines.ts';
import { describeMovedRows } from './store-contract/moved-rows.ts';
import { describePark } from './store-contract/park.ts';
import { describeReadRows } from './store-contract/read-rows.ts';
import { describeScanPages, describeScans } from './store-contract/scans.ts';
import { describeServerTime } from './store-contract/server-time.ts';
import { describeLostSettles, describeRepeatedEffects } from './store-contract/settle-conflicts.ts';
import { describeEffects, describeSettleEnds } from './store-contract/settle-effects.ts';
import { describeMoves } from './store-contract/settle-moves.ts';
import { describeSettle } from './store-contract/settle.ts';
import { describeRepeatedTransactions, describeTransact } from './store-contract/transact.ts';
import { describeWriteAll } from './store-contract/write-all.ts';
import { describeLostWrites, describeRepeatedWrites } from './store-contract/write-conflicts.ts';
import { describeManyWrites, describeWrite } from './store-contract/write.ts';

/**
 * The cases of what every `OutboxStore` promises, for Jest. `makeStore` is called for each of them and
 * answers an empty store.
 */
export function outboxStoreContract(name: string, makeStore: MakeStore): void {
  describe(`the outbox ${name}`, () => {
    describeControls(makeStore);
    describeEditControls(makeStore);
    describeFindDue(makeStore);
    describeWhatIsDue(makeStore);
    describeDueEdges(makeStore);
    describeReadRows(makeStore);
    describeScans(makeStore);
    describeScanPages(makeStore);
    describeServerTime(makeStore);
    describeWrite(makeStore);
    describeManyWrites(makeStore);
    describeLostWrites(makeStore);
    describeRepeatedWrites(makeStore);
    describeSettle(makeStore);
    describeSettleEnds(makeStore);
    describeEffects(makeStore);
    describeMoves(makeStore);
    describeLostSettles(makeStore);
    describeRepeatedEffects(makeStore);
    describeTransact(makeStore);
    describeRepeatedTransactions(makeStore);
    describeMovedRows(makeStore);
    describePark(makeStore);
    describeLines(makeStore);
    describeWriteAll(makeStore);
    describeHeldRows(makeStore);
  });
}
