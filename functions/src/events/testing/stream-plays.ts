import { z } from 'zod';
import type { DocumentData, DocumentTransaction, RunTransaction } from '#kernel';
import { systemIds } from '#kernel';
import { createStreams } from '../aggregates/load-aggregate.ts';
import type { Streams } from '../aggregates/load-aggregate.ts';
import type { Reducer } from '../aggregates/reducer.ts';
import { Catalog } from '../catalog/catalog.ts';
import { defineEvent } from '../catalog/define-event.ts';
import { emitInTransaction } from '../emit/emit-in-transaction.ts';
import { appendToStream } from '../streams/append-to-stream.ts';
import type { DecodeEvent, StreamSource } from '../streams/stream-source.ts';
import { aPlanContext } from './plan-context.ts';
import type { Append, Load, Step } from './stream-steps.ts';

const about = { description: 'Something was counted.', type: 'counter.counted' } as const;
const old = defineEvent({
  ...about,
  version: 1,
  payload: z.strictObject({ by: z.int() }),
  example: { by: 1 },
});
const current = defineEvent({
  ...about,
  version: 2,
  payload: z.strictObject({ by: z.int(), unit: z.string() }),
  upcast: { 1: ({ by }) => ({ by, unit: 'piece' }) },
  example: { by: 1, unit: 'piece' },
});
const catalogs = { old: new Catalog([old]), current: new Catalog([current]) };

/** An entry of the plain list: the event's payload as the newest version has it. */
export interface Counted {
  readonly by: number;
  readonly unit: string;
}

export const COUNTER = { orgId: 'org1', entityType: 'counter', entityId: 'counter1' };

/** The same list in two shapes: whoever takes one for the other is wrong at once. */
type Counter = Reducer<{ readonly list: readonly unknown[] }, typeof current>;
const reducers: readonly [Counter, Counter] = [
  {
    name: 'counter',
    schemaVersion: 1,
    events: [current],
    initial: () => ({ list: [] }),
    evolve: ({ list }, { payload }) => ({ list: [...list, payload.by] }),
  },
  {
    name: 'counter',
    schemaVersion: 2,
    events: [current],
    initial: () => ({ list: [] }),
    evolve: ({ list }, { payload }) => ({ list: [...list, payload] }),
  },
];

function stateOf(entries: readonly Counted[], schema: 0 | 1): unknown {
  const list = schema === 0 ? entries.map(({ by }) => by) : entries;
  return { state: { list }, version: entries.length };
}

/** A database with one counter in it. */
export interface Stage {
  readonly runTransaction: RunTransaction;
  readonly source: (decode: DecodeEvent) => StreamSource;
  /** The counter's stored events in version order, as documents. */
  readonly rows: () => Promise<readonly DocumentData[]>;
  /** Waits until all have ended that were begun at once. */
  readonly settle: <T>(begin: () => T[]) => Promise<PromiseSettledResult<Awaited<T>>[]>;
}

/** What is wrong where a play does not go as the plain list says. */
class PlayError extends Error {}

/** A counter and the plain list of what it should be. */
export class Play {
  readonly #stage: Stage;
  readonly #streams: Streams;
  readonly #warnings: unknown[] = [];
  #list: readonly Counted[] = [];
  #made = 0;

  constructor(stage: Stage, snapshotEvery: number) {
    this.#stage = stage;
    this.#streams = createStreams({
      source: stage.source(catalogs.current.decode),
      runTransaction: stage.runTransaction,
      ids: systemIds,
      logger: { write: (entry) => void this.#warnings.push(entry) },
      snapshotEvery,
    });
  }

  async run(all: readonly Step[]): Promise<void> {
    for (const step of all) {
      const parts = step.kind === 'together' ? step.steps : [step];
      await this.#play(parts);
      await this.#compareAll();
    }
  }

  async #play(parts: readonly (Append | Load)[]): Promise<void> {
    const before = this.#list;
    const times = (await this.#stage.rows()).map(timeOf);
    const appends = parts.map((part) => (part.kind === 'append' ? this.#entries(part) : []));
    const ends = await this.#stage.settle(() =>
      parts.map(async (part, index) =>
        part.kind === 'append'
          ? this.#append(part, appends[index] ?? [], before.length)
          : this.#load(part, before, times),
      ),
    );
    const added = (await this.#stage.rows()).slice(before.length).map(countedOf);
    const written = appends.filter((_, index) => ends[index]?.status === 'fulfilled');
    same('what was added', groupsOf(added, written), written.flat());
    this.#list = [...before, ...added];
    for (const [index, part] of parts.entries()) judge(part, ends[index], parts.length > 1);
  }

  #entries({ as, count }: Append): Counted[] {
    return Array.from({ length: count }, () => {
      this.#made += 1;
      return { by: this.#made, unit: as === 'old' ? 'piece' : `unit ${this.#made}` };
    });
  }

  async #append(
    { as, expected }: Append,
    entries: readonly Counted[],
    length: number,
  ): Promise<void> {
    const context = { ...aPlanContext(), catalog: catalogs[as], jobsFor: () => [] };
    // Too low, or higher than the others that come at once could make right.
    const wrong = this.#made % 2 === 0 && length > 0 ? length - 1 : length + 100;
    const expectedVersion = { right: length, any: 'any' as const, wrong }[expected];
    const events = entries.map(({ by, unit }) => ({
      payload: as === 'old' ? { by } : { by, unit },
    }));
    const said = {
      eventType: about.type,
      actor: { actorType: 'system', actorId: 'tests' },
    } as const;
    await this.#stage.runTransaction(systemIds.documentId(), (tx: DocumentTransaction) =>
      appendToStream(
        (event) => emitInTransaction(context, { ...said, ...event }, tx),
        COUNTER,
        expectedVersion,
        events,
      ),
    );
  }

  async #load(
    { schema, at }: Load,
    before: readonly Counted[],
    times: readonly number[],
  ): Promise<void> {
    if (at === undefined) return this.#loadNewest(schema, before.length);
    const version = Math.round(at.part * before.length);
    if (at.by === 'version') {
      const found = await this.#streams.loadAggregate(reducers[schema], COUNTER, { at: version });
      same('state at a version', found, stateOf(before.slice(0, version), schema));
      return undefined;
    }
    const timeMs = times[version - 1] ?? 0;
    const laterIndex = times.findIndex((ms) => ms > timeMs);
    const until = laterIndex === -1 ? before.length : laterIndex;
    const options = { at: new Date(timeMs) };
    const found = await this.#streams.loadAggregate(reducers[schema], COUNTER, options);
    // Others' commits of the very same millisecond may be in it, if they come at once.
    if (until === before.length && found.version > until) return undefined;
    same('state at a time', found, stateOf(before.slice(0, until), schema));
    return undefined;
  }

  /** What others append at once may be in it. */
  async #loadNewest(schema: 0 | 1, least: number): Promise<void> {
    const found = await this.#streams.loadAggregate(reducers[schema], COUNTER);
    if (found.version < least) throw new PlayError('Less was loaded than is there.');
    const list = (await this.#stage.rows()).map(countedOf);
    same('newest state', found, stateOf(list.slice(0, found.version), schema));
  }

  /** The stream, and the state at its newest version, by both reducers. */
  async #compareAll(): Promise<void> {
    const events = [];
    for await (const event of this.#streams.loadStream(COUNTER)) events.push(event.payload);
    same('stream', events, this.#list);
    for (const schema of [0, 1] as const) {
      same(
        'state',
        await this.#streams.loadAggregate(reducers[schema], COUNTER),
        stateOf(this.#list, schema),
      );
    }
    same('warnings', this.#warnings, []);
  }
}

/** An append ends as its expected version says; a load has judged itself, and only ends well. */
function judge(
  part: Append | Load,
  end: PromiseSettledResult<unknown> | undefined,
  isTogether: boolean,
): void {
  const expected = part.kind === 'append' ? part.expected : 'any';
  const alone = { right: ['ok'], any: ['ok'], wrong: ['stream-conflict'] }[expected];
  const together = expected === 'right' ? ['stream-conflict', 'contention'] : ['contention'];
  const reason =
    end?.status === 'rejected' ? (end.reason as { readonly code?: string }) : undefined;
  const found = reason === undefined ? 'ok' : reason.code;
  if (alone.some((code) => code === found)) return;
  if (isTogether && together.some((code) => code === found)) return;
  throw new PlayError(`A step ended in ${String(found)}.`, { cause: reason });
}

/** The entries of `added`, as long as they come in whole groups, in whatever order, sorted as `groups`. */
function groupsOf(added: readonly Counted[], groups: readonly (readonly Counted[])[]): Counted[] {
  const starts = new Map(groups.map((group) => [group[0]?.by, group.length]));
  const found = new Map<number, Counted[]>();
  let rest = added;
  for (let [first] = rest; first !== undefined; [first] = rest) {
    const length = starts.get(first.by);
    if (length === undefined) throw new PlayError(`${first.by} was written, but not as a whole.`);
    found.set(first.by, rest.slice(0, length));
    rest = rest.slice(length);
  }
  return groups.flatMap((group) => found.get(group[0]?.by ?? 0) ?? []);
}

function countedOf(row: DocumentData): Counted {
  const { by, unit = 'piece' } = row['payload'] as Partial<Counted> & { readonly by: number };
  return { by, unit };
}

function timeOf(row: DocumentData): number {
  return (row['timestamp'] as { toMillis(): number }).toMillis();
}

function same(what: string, found: unknown, expected: unknown): void {
  const [said, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
  if (said !== wanted) throw new PlayError(`${what}: ${said} instead of ${wanted}`);
}
