import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { JobEnd } from '#outbox';
import { Series, storedSeries } from './series.ts';

/** By what ends are counted, and how many names of each at most: event types and sinks may be tenants' own. */
const MAX_NAMES = { job: 100, event: 100, sink: 50 } as const;
/** By what ends are counted. */
export type Kind = keyof typeof MAX_NAMES;
/** Where those are counted that there was no room for: no type and no sink is called so. */
const OTHERS = '(others)';
/** How many slow and how many failed runs are named, the newest. */
const MAX_NOTED = 20;
/** More than a document can hold: such bytes are not ours. */
const MAX_INFLATED_BYTES = 16 * 1024 * 1024;

const noted = z.object({
  jobId: z.string(),
  jobType: z.string(),
  eventId: z.string().optional(),
  eventType: z.string().optional(),
  atMs: z.number(),
  ageMs: z.number(),
  end: z.enum(['sent', 'retry', 'failed']),
  reason: z.string().optional(),
  code: z.string().optional(),
});
/** A run that somebody may want to look at. */
export type Noted = Readonly<z.output<typeof noted>>;

const stored = z.object({
  all: storedSeries,
  job: z.record(z.string(), storedSeries),
  event: z.record(z.string(), storedSeries),
  sink: z.record(z.string(), storedSeries),
  slow: z.array(noted),
  failed: z.array(noted),
});

/** What ended: how much of it, of what, how fast, and the newest that was slow or failed. */
export class Gathered {
  readonly all = new Series();
  readonly named = {
    job: new Map<string, Series>(),
    event: new Map<string, Series>(),
    sink: new Map<string, Series>(),
  };
  /** Newest first. */
  slow: readonly Noted[] = [];
  /** Runs that did not succeed, newest first. */
  failed: readonly Noted[] = [];

  add(ended: JobEnd, slowMs: number): void {
    const { jobType, eventType, sink, end, isBulk, ageMs } = ended;
    const kinds = { job: jobType, event: eventType, sink };
    this.all.add(ended);
    for (const kind of KINDS) {
      const name = kinds[kind];
      if (name !== undefined) this.#seriesOf(kind, name).add(ended);
    }
    if (end !== 'sent') this.failed = newest([noteOf(ended)], this.failed);
    else if (!isBulk && ageMs > slowMs) this.slow = newest([noteOf(ended)], this.slow);
  }

  merge(other: Gathered): void {
    this.all.merge(other.all);
    for (const kind of KINDS) {
      for (const [name, series] of other.named[kind]) this.#seriesOf(kind, name).merge(series);
    }
    this.slow = newest(other.slow, this.slow);
    this.failed = newest(other.failed, this.failed);
  }

  #seriesOf(kind: Kind, name: string): Series {
    const ofKind = this.named[kind];
    const hasRoom = ofKind.has(name) || ofKind.size < MAX_NAMES[kind];
    const key = hasRoom ? name : OTHERS;
    const series = ofKind.get(key) ?? new Series();
    ofKind.set(key, series);
    return series;
  }

  toBytes(): Buffer {
    const { all, slow, failed } = this;
    const [job, event, sink] = KINDS.map((kind) =>
      Object.fromEntries([...this.named[kind]].map(([name, one]) => [name, one.toStored()])),
    );
    const value = { all: all.toStored(), job, event, sink, slow, failed };
    return deflateRawSync(JSON.stringify(value));
  }

  /**
   * As `merge`, of bytes that `toBytes` made; what is no such bytes (an older version's, a newer one's, edited by
   * hand) is left out.
   */
  mergeBytes(bytes: unknown): void {
    const read = stored.safeParse(parse(bytes));
    if (!read.success) return;
    this.all.mergeStored(read.data.all);
    for (const kind of KINDS) {
      for (const [name, series] of Object.entries(read.data[kind])) {
        this.#seriesOf(kind, name).mergeStored(series);
      }
    }
    this.slow = newest(read.data.slow, this.slow);
    this.failed = newest(read.data.failed, this.failed);
  }
}

const KINDS = ['job', 'event', 'sink'] as const satisfies readonly Kind[];

function parse(bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    const json = inflateRawSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
    return JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
}

function newest(some: readonly Noted[], others: readonly Noted[]): readonly Noted[] {
  return [...some, ...others].toSorted((a, b) => b.atMs - a.atMs).slice(0, MAX_NOTED);
}

function noteOf({ jobId, jobType, eventId, eventType, ...ended }: JobEnd): Noted {
  const { atMs, ageMs, end, reason, code } = ended;
  return { jobId, jobType, eventId, eventType, atMs, ageMs, end, reason, code };
}
