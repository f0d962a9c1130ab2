import { planEvent } from '../../functions/src/events/emit/plan-event.ts';
import { aNote } from '../../functions/src/events/testing/an-event.ts';
import { aPlanContext } from '../../functions/src/events/testing/plan-context.ts';
import { planStream } from '../../functions/src/events/testing/planned-stream.ts';
import type { DocumentWrite } from '../../functions/src/kernel/index.ts';
import { bulkCreate } from './bulk-create.ts';

/** What a long log is made of. */
export interface LongLog {
  readonly streams: number;
  readonly eventsPerStream: number;
  /** Events in no stream, each with two jobs. */
  readonly plain: number;
}

const COMMIT = 400;
const COMMITS_AT_ONCE = 4;
/** About what an event of a feature says. */
const TEXT = 'x'.repeat(300);

/** Writes a log of one tenant, as it is when nothing is wrong. */
export async function writeLongLog(log: LongLog): Promise<void> {
  const all = writesOf(log);
  // Each takes what is next, so that a few commits are always on their way.
  await Promise.all(Array.from({ length: COMMITS_AT_ONCE }, () => commitAll(all)));
}

async function commitAll(all: Generator<DocumentWrite[]>): Promise<void> {
  let waiting: DocumentWrite[] = [];
  for (const writes of all) {
    waiting.push(...writes);
    if (waiting.length < COMMIT) continue;
    await bulkCreate(waiting);
    waiting = [];
  }
  await bulkCreate(waiting);
}

function* writesOf(log: LongLog): Generator<DocumentWrite[]> {
  for (let n = 0; n < log.streams; n += 1) {
    const { writes } = planStream(log.eventsPerStream, (version) => ({
      entityId: `note${n}`,
      payload: { text: TEXT, any: version },
    }));
    yield writes.map((write) => (write.kind === 'set' ? { ...write, kind: 'create' } : write));
  }
  const context = aPlanContext('plain');
  for (let n = 0; n < log.plain; n += 1) {
    const input = aNote({ entityId: `plain${n}`, payload: { text: TEXT } });
    yield [...planEvent(context, input, 'planted', undefined).writes];
  }
}
