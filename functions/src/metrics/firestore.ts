import type { DocumentSnapshot, Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { FieldValue, Timestamp } from 'firebase-admin/firestore';
import { z } from 'zod';
import { DAY_MS, hashParts } from '#kernel';
import { buildQuery, millisOf } from '#kernel/firestore';
import { TICKS_BY_TIME, WINDOWS_BY_TIME } from './queries.ts';
import type { Gathered } from './gathered.ts';
import type { MetricsStore, ReadWindows, Totals, WrittenWindow } from './store.ts';
import { WINDOW_MS, windowOf } from './store.ts';

const METRICS = 'outbox_metrics';
/** How long a window can be asked for. */
const KEEP_MS = DAY_MS;
const PAGE = 200;
/** What one answer may cost: ten windows' hours of 30 instances, or a day of fourteen. */
const MAX_DOCUMENTS = 2_000;
/** Totals are spread over so many documents: one takes about a write a second. */
const SHARDS = 10;

const totalsDocument = z.object({
  failures: z.record(z.string(), z.number()).default({}),
  deadLetters: z.record(z.string(), z.record(z.string(), z.number())).default({}),
});

/** Metrics in Firestore. */
export function createMetricsStore(firestore: Firestore): MetricsStore {
  return {
    write: (window) => write(firestore, window),
    read: (fromMs) => readWindows(firestore, fromMs),
    lastTickMs: async () => {
      const query = buildQuery(firestore.collection(METRICS), TICKS_BY_TIME, {
        equals: {},
        limit: 1,
      });
      return millisOf((await query.get()).docs[0]?.get('lastTickAt'));
    },
    totals: async () => {
      const shards = Array.from({ length: SHARDS }, (_, shard) => totalsPath(shard));
      return sumOf(await firestore.getAll(...shards.map((path) => firestore.doc(path))));
    },
  };
}

/** One write, and where something failed one more in the same commit. */
async function write(firestore: Firestore, window: WrittenWindow): Promise<void> {
  const { instanceId, startMs, nowMs, lastTickMs, gathered, added } = window;
  const batch = firestore.batch();
  batch.set(firestore.doc(`${METRICS}/${instanceId}-${startMs}`), {
    instanceId,
    windowAt: Timestamp.fromMillis(startMs),
    updatedAt: Timestamp.fromMillis(nowMs),
    expireAt: Timestamp.fromMillis(startMs + WINDOW_MS + KEEP_MS),
    ...(lastTickMs === undefined ? {} : { lastTickAt: Timestamp.fromMillis(lastTickMs) }),
    gathered: gathered.toBytes(),
  });
  const rise = riseOf(added);
  if (rise !== undefined) {
    batch.set(firestore.doc(totalsPath(shardOf(instanceId))), rise, { merge: true });
  }
  await batch.commit();
}

/** What the totals rise by; undefined where nothing failed. */
function riseOf({ named: { job } }: Gathered): Record<string, unknown> | undefined {
  const troubled = [...job].filter(([, { ends }]) => ends.retry + ends.failed > 0);
  if (troubled.length === 0) return undefined;
  const failures = troubled.map(([name, { ends }]) => [
    name,
    FieldValue.increment(ends.retry + ends.failed),
  ]);
  const deadLetters = troubled
    .filter(([, { reasons }]) => reasons.size > 0)
    .map(([name, { reasons }]) => [
      name,
      Object.fromEntries([...reasons].map(([why, dead]) => [why, FieldValue.increment(dead)])),
    ]);
  return {
    failures: Object.fromEntries(failures),
    deadLetters: Object.fromEntries(deadLetters),
  };
}

function totalsPath(shard: number): string {
  return `${METRICS}/totals-${shard}`;
}

function shardOf(instanceId: string): number {
  return Number.parseInt(hashParts(instanceId).slice(0, 8), 16) % SHARDS;
}

function sumOf(snapshots: readonly DocumentSnapshot[]): Totals {
  const failures = new Map<string, number>();
  const deadLetters = new Map<string, Map<string, number>>();
  const shards = snapshots.flatMap((one) => totalsDocument.safeParse(one.data()).data ?? []);
  for (const shard of shards) {
    for (const [name, failed] of Object.entries(shard.failures)) add(failures, name, failed);
    for (const [name, reasons] of Object.entries(shard.deadLetters)) {
      const ofType = deadLetters.get(name) ?? new Map<string, number>();
      deadLetters.set(name, ofType);
      for (const [reason, dead] of Object.entries(reasons)) add(ofType, reason, dead);
    }
  }
  return { failures, deadLetters };
}

function add(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

async function readWindows(firestore: Firestore, askedFromMs: number): Promise<ReadWindows> {
  const { Gathered: Fresh } = await import('./gathered.ts');
  const gathered = new Fresh();
  const fromMs = windowOf(askedFromMs);
  let last: QueryDocumentSnapshot | undefined;
  for (let read = 0; read < MAX_DOCUMENTS; read += PAGE) {
    const values = { equals: {}, fromMs, after: last && positionOf(last), limit: PAGE };
    const { docs } = await buildQuery(firestore.collection(METRICS), WINDOWS_BY_TIME, values).get();
    for (const snapshot of docs) {
      gathered.mergeBytes(snapshot.get('gathered'));
    }
    if (docs.length < PAGE) return { gathered, fromMs, isTruncated: false };
    last = docs.at(-1);
  }
  // Of the window it ended in some may be missing.
  const wholeFromMs = (millisOf(last?.get('windowAt')) ?? fromMs) + WINDOW_MS;
  return { gathered, fromMs: wholeFromMs, isTruncated: true };
}

function positionOf(snapshot: QueryDocumentSnapshot): {
  seconds: number;
  nanoseconds: number;
  id: string;
} {
  const { seconds, nanoseconds } = snapshot.get('windowAt') as Timestamp;
  return { seconds, nanoseconds, id: snapshot.id };
}
