import type { Clock, Logger } from '#kernel';
import { messageOf, MINUTE_MS, ServerTime } from '#kernel';
import type { JobEnd } from '#outbox';
import type { Gathered } from './gathered.ts';
import type { MetricsStore } from './store.ts';
import { windowOf } from './store.ts';

/** What an instance gathers of the jobs it runs, and writes down for whoever asks. */
export interface Metrics {
  /**
   * Takes a job's end. Where no call has ended for a minute since the first it took, it has what was gathered written
   * besides, and waits for nothing: a long call tells every minute what it did.
   */
  readonly observe: (ended: JobEnd) => void;
  /** A scheduled sweep has come to its end, at this time of the server's. */
  readonly ticked: (atMs: number) => void;
  /**
   * A call has ended. Writes what was gathered, once in a minute of the server's time: one write, two where something
   * failed. Never rejects: what could not be written is logged once and written with what comes later.
   */
  readonly writeDue: () => Promise<void>;
  /** As `writeDue`, whatever was written in this minute: the instance is about to end. */
  readonly writeRest: () => Promise<void>;
}

/** Metrics of one instance. A run that took more than `slowMs` from its opening to `sent` is named. */
export function createMetrics(deps: {
  readonly store: Pick<MetricsStore, 'write'>;
  readonly instanceId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly slowMs: number;
}): Metrics {
  const recorder = new Recorder(deps);
  return {
    observe: (ended) => recorder.observe(ended),
    ticked: (atMs) => recorder.ticked(atMs),
    writeDue: () => recorder.write(false),
    writeRest: () => recorder.write(true),
  };
}

class Recorder {
  readonly #deps: Parameters<typeof createMetrics>[0];
  #ends: JobEnd[] = [];
  #time: ServerTime | undefined;
  #lastTickMs: number | undefined;
  #isTickWritten = true;
  /** What the document of this window holds. */
  #written: { readonly startMs: number; readonly gathered: Gathered } | undefined;
  /** What was gathered since. */
  #unwritten: Gathered | undefined;
  #lastMinute: number | undefined;
  /** When, by the monotonic clock, the first end was taken since a call ended or a minute of it was written. */
  #minuteElapsedMs: number | undefined;
  #isFailing = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: Parameters<typeof createMetrics>[0]) {
    this.#deps = deps;
  }

  observe(ended: JobEnd): void {
    this.#ends.push(ended);
    this.#time = new ServerTime(this.#deps.clock, ended.atMs);
    const elapsedMs = this.#deps.clock.elapsedMs();
    this.#minuteElapsedMs ??= elapsedMs;
    if (elapsedMs - this.#minuteElapsedMs < MINUTE_MS) return;
    this.#minuteElapsedMs = elapsedMs;
    this.#begin(ended.atMs);
  }

  ticked(atMs: number): void {
    this.#lastTickMs = atMs;
    this.#isTickWritten = false;
    this.#time = new ServerTime(this.#deps.clock, atMs);
  }

  async write(isLast: boolean): Promise<void> {
    this.#minuteElapsedMs = undefined;
    const nowMs = this.#time?.nowMs();
    if (nowMs === undefined) return;
    const minute = Math.floor(nowMs / MINUTE_MS);
    const isDue = minute !== this.#lastMinute && !this.#hasNothing;
    if (isLast || isDue) {
      // Before anything is waited for: calls of one instance run side by side.
      this.#lastMinute = minute;
      this.#begin(nowMs);
    }
    await this.#writing;
  }

  #begin(nowMs: number): void {
    this.#writing = this.#writing.then(() => this.#writeNow(nowMs));
  }

  get #hasNothing(): boolean {
    return this.#ends.length === 0 && this.#unwritten === undefined && this.#isTickWritten;
  }

  async #writeNow(nowMs: number): Promise<void> {
    if (this.#hasNothing) return;
    const { instanceId, store, logger } = this.#deps;
    try {
      const unwritten = await this.#fold();
      const startMs = windowOf(nowMs);
      const { Gathered: Fresh } = await import('./gathered.ts');
      const gathered = new Fresh();
      if (this.#written?.startMs === startMs) gathered.merge(this.#written.gathered);
      gathered.merge(unwritten);
      const lastTickMs = this.#lastTickMs;
      await store.write({ instanceId, startMs, nowMs, lastTickMs, gathered, added: unwritten });
      this.#written = { startMs, gathered };
      this.#unwritten = undefined;
      this.#isTickWritten = this.#lastTickMs === lastTickMs;
      this.#isFailing = false;
    } catch (error) {
      const message = 'metrics could not be written; they are written with the next';
      if (!this.#isFailing) logger.write({ severity: 'WARNING', message, error: messageOf(error) });
      this.#isFailing = true;
    }
  }

  /** Loaded when it is needed first: no call that runs a job waits for it. */
  async #fold(): Promise<Gathered> {
    const { Gathered: Fresh } = await import('./gathered.ts');
    this.#unwritten ??= new Fresh();
    const ends = this.#ends;
    this.#ends = [];
    for (const ended of ends) this.#unwritten.add(ended, this.#deps.slowMs);
    return this.#unwritten;
  }
}
