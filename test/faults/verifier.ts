import { createIntegritySource } from '../../functions/src/events/firestore/index.ts';
import { createIntegrity, defaultHeadPathOf } from '../../functions/src/events/index.ts';
import { testCatalog } from '../../functions/src/events/testing/catalog.ts';
import { KEEP_SENT_MS } from '../../functions/src/outbox/index.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';

/** What the process that verified a log says of it, and of itself. */
export interface Verified {
  readonly events: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The most memory that the process ever had. */
  readonly peakMebibytes: number;
  /** The largest state between two pages, as it would be stored. */
  readonly stateBytes: number;
}

/**
 * More than the deployed 200, of which the emulator, that looks through the whole log for each page, would
 * take a quarter of an hour for 50,000 events; and so is the memory that is measured.
 */
const PAGE_SIZE = 5_000;

const { start, verifyPage } = createIntegrity({
  source: createIntegritySource(openEmulatorFirestore()),
  atNewest: (stored) => testCatalog.atNewest(stored),
  headPathOf: defaultHeadPathOf,
  keepJobsMs: KEEP_SENT_MS,
  pageSize: PAGE_SIZE,
});

const counts: Record<string, number> = {};
let stateBytes = 0;
let state = start('org1');
while (state.phase !== 'done') {
  const page = await verifyPage(state);
  ({ state } = page);
  stateBytes = Math.max(stateBytes, Buffer.byteLength(JSON.stringify(state)));
  for (const { kind } of page.findings) counts[kind] = (counts[kind] ?? 0) + 1;
}
const peakMebibytes = process.resourceUsage().maxRSS / 1_024;
const said: Verified = { events: state.events, counts, peakMebibytes, stateBytes };
process.stdout.write(JSON.stringify(said));
