import { expect, test } from '@jest/globals';
import type { EventQuery, RecordedEvent } from '#events';
import { MemoryStorage } from '../../events/testing/memory-storage.ts';
import { anInvoiceEvent } from '../../events/testing/stored-event.ts';
import { STARTED } from '../testing/replayables.ts';
import { exportEvents } from './export-events.ts';

const MIB = 1_024 * 1_024;

/** A log of events with bodies of these sizes, exported to the end. */
async function exported(
  sizes: readonly number[],
  said: Partial<Parameters<typeof exportEvents>[0]> = {},
): Promise<{ readonly asked: readonly unknown[]; readonly files: readonly Buffer[] }> {
  const asked: unknown[] = [];
  const storage = new MemoryStorage();
  const list = ({ limit = 0, cursor = '0' }: EventQuery) => {
    asked.push(limit);
    const from = Number(cursor);
    const events = sizes.slice(from, from + limit).map((size, index): RecordedEvent => {
      const eventId = `event${from + index}`;
      const event = anInvoiceEvent({ eventId, payload: { text: 'x'.repeat(size) } });
      return { ...event, recordedAt: STARTED, contentHash: 'x' };
    });
    const nextCursor = events.length < limit ? undefined : String(from + limit);
    return Promise.resolve({ events, nextCursor });
  };
  const kind = exportEvents({
    events: { list, count: () => Promise.reject(new Error('Nothing is counted here.')) },
    storage: () => storage,
    show: (event) => Promise.resolve(event),
    ...said,
  });
  for (
    let cursor: string | undefined, isFirst = true;
    isFirst || cursor !== undefined;
    isFirst = false
  ) {
    const params = { orgId: 'org1' };
    const asking = { operationId: 'op1', params, limit: 200, startedAt: STARTED, dryRun: false };
    ({ cursor } = await kind.step({ ...asking, cursor } as never));
  }
  return { asked, files: [...storage.files.values()].map((bytes) => Buffer.from(bytes)) };
}

function idsOf(files: readonly Buffer[]): unknown[] {
  const lines = Buffer.concat([...files])
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as RecordedEvent).eventId);
}

test('small events are in files of 200, behind a first one of 50', async () => {
  const { asked, files } = await exported(Array.from({ length: 600 }, () => 10));
  expect(asked).toEqual([50, 200, 200, 200]);
  expect(idsOf(files)).toEqual(Array.from({ length: 600 }, (_, n) => `event${n}`));
});

test('large events are in files of some 8 MiB, and small ones behind them in larger again', async () => {
  const sizes = Array.from({ length: 600 }, (_, n) => (n < 150 ? MIB / 4 : 10));
  const { asked, files } = await exported(sizes);
  expect(asked.slice(0, 4)).toEqual([50, 31, 31, 31]);
  expect(files.slice(1).every(({ length }) => length < 8.1 * MIB)).toBe(true);
  expect(asked.at(-1)).toBe(200);
  expect(idsOf(files)).toHaveLength(600);
});

test('an event is bytes before the next is shown', async () => {
  const done: string[] = [];
  const show = ({ eventId }: RecordedEvent): Promise<unknown> => {
    done.push(`shown ${eventId}`);
    const toJSON = (): object => {
      done.push(`written ${eventId}`);
      return { eventId };
    };
    return Promise.resolve({ toJSON });
  };
  await exported([1, 1], { show });
  expect(done).toEqual(['shown event0', 'written event0', 'shown event1', 'written event1']);
});
