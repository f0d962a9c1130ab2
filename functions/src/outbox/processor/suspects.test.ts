import { beforeEach, describe, expect, test } from '@jest/globals';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, DEFAULT_SETTINGS } from '../testing/a-worker.ts';
import { aJob, aRunningJob, aSink, T0 } from '../testing/factories.ts';
import { sweep } from './sweep.ts';

const ids = countingIds('run');
const { timeoutMs, startMarginMs } = DEFAULT_SETTINGS;
const TICK_MS = 120_000;

let clock: ManualClock;
let documents: MemoryDocuments;
let sent: string[];

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  sent = [];
});

/** A tick with time for one page, whose innocent jobs take `innocentMs` in all. */
function tick({ innocentMs = 0, stopping }: { innocentMs?: number; stopping?: AbortController }) {
  const send = ({ id, crashes }: OutboxJob) => {
    sent.push(id);
    if (crashes === 0) clock.advance(innocentMs);
    if (crashes === 0) stopping?.abort();
    return Promise.resolve();
  };
  const worker = aWorker({
    store: createMemoryOutboxStore(documents),
    clock,
    ids,
    budgetMs: timeoutMs + startMarginMs,
    handlers: [aSink({ send })],
    stopping: stopping?.signal,
  });
  return sweep(worker, { lastFromZeroElapsedMs: undefined });
}

function given(job: OutboxJob): string {
  documents.commit([{ write: createRow(job) }]);
  return job.id;
}

/** A job whose worker died at it. */
const aSuspect = (values: Partial<OutboxJob> = {}) =>
  given(aRunningJob({ lease: { expiresAt: T0 }, nextAttemptAt: T0, ...values }));

const stored = (id: string) => documents.get(`outbox/${id}`)?.data;

describe('a suspect', () => {
  test('is run after the rest of its page', async () => {
    const suspect = aSuspect();
    const innocent = given(aJob());
    await tick({});
    expect(sent).toEqual([innocent, suspect]);
  });

  test('that there was no time for is put off by a tick, and goes first then', async () => {
    const suspect = aSuspect();
    given(aJob());
    const { ends } = await tick({ innocentMs: 1 });
    expect(ends).toEqual({ sent: 1, held: 1 });
    expect(stored(suspect)).toMatchObject({ heldBy: suspect, attempts: 1, crashes: 0 });

    clock.advance(TICK_MS - 1);
    await tick({});
    expect(sent).toHaveLength(1);

    clock.advance(1);
    const innocent = given(aJob());
    await tick({});
    expect(sent.slice(1)).toEqual([suspect, innocent]);
    expect(stored(suspect)).not.toHaveProperty('heldBy');
  });

  test('of several it is one that goes first, lest killers keep everybody else from running', async () => {
    const suspects = [aSuspect(), aSuspect(), aSuspect()];
    given(aJob());
    expect((await tick({ innocentMs: 1 })).ends).toEqual({ sent: 1, held: 3 });
    const holders = suspects.map((id) => stored(id)?.['heldBy']);
    expect(holders.filter((holder) => holder !== undefined)).toHaveLength(1);

    clock.advance(TICK_MS);
    const innocent = given(aJob());
    await tick({});
    expect(sent.indexOf(innocent)).toBe(2);
    expect(sent).toHaveLength(5);
  });

  test('at the head of its line goes first as well, and the line after it', async () => {
    const line = { orderingKey: 'line' };
    const suspect = aSuspect({ ...line, sequence: 1 });
    given(aJob());
    await tick({ innocentMs: 1 });

    clock.advance(TICK_MS);
    const next = given(aJob({ ...line, sequence: 2 }));
    const innocent = given(aJob());
    await tick({});
    expect(sent.slice(1)).toEqual([suspect, next, innocent]);
  });

  test('that goes first takes along who stands before it in its line by now', async () => {
    const line = { orderingKey: 'line' };
    const suspect = aSuspect({ ...line, sequence: 2 });
    given(aJob());
    await tick({ innocentMs: 1 });

    clock.advance(TICK_MS);
    // Sent round again with its place.
    const before = given(aJob({ ...line, sequence: 1 }));
    const innocent = given(aJob());
    await tick({});
    expect(sent.slice(1)).toEqual([before, suspect, innocent]);
  });

  test('is left as it is by an instance that is to end', async () => {
    const suspect = aSuspect();
    given(aJob());
    const { ends } = await tick({ stopping: new AbortController() });
    expect(ends).toEqual({ sent: 1, left: 1 });
    expect(stored(suspect)).not.toHaveProperty('heldBy');
  });
});
