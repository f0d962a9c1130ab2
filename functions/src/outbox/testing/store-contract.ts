import { describe } from '@jest/globals';
import type { MakeStore } from './store-contract/bench.ts';
import { describeControls, describeEditControls } from './store-contract/controls.ts';
import { describeFindDue, describeWhatIsDue } from './store-contract/find-due.ts';
import { describeHeldRows, describeLines, describeWriteAll } from './store-contract/lines.ts';
import { describePark } from './store-contract/park.ts';
import { describeReadRows } from './store-contract/read-rows.ts';
import { describeLostSettles, describeRepeatedEffects } from './store-contract/settle-conflicts.ts';
import { describeSettle } from './store-contract/settle.ts';
import { describeLostWrites, describeRepeatedWrites } from './store-contract/write-conflicts.ts';
import { describeManyWrites, describeWrite } from './store-contract/write.ts';

/** What every `OutboxStore` promises. `makeStore` is called for each case and answers an empty store. */
export function outboxStoreContract(name: string, makeStore: MakeStore): void {
  describe(`the outbox ${name}`, () => {
    describeControls(makeStore);
    describeEditControls(makeStore);
    describeFindDue(makeStore);
    describeWhatIsDue(makeStore);
    describeReadRows(makeStore);
    describeWrite(makeStore);
    describeManyWrites(makeStore);
    describeLostWrites(makeStore);
    describeRepeatedWrites(makeStore);
    describeSettle(makeStore);
    describeLostSettles(makeStore);
    describeRepeatedEffects(makeStore);
    describePark(makeStore);
    describeLines(makeStore);
    describeWriteAll(makeStore);
    describeHeldRows(makeStore);
  });
}
