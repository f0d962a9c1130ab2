import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { DEFAULT_SETTINGS } from '../../functions/src/composition/settings.ts';
import { readSchedule } from '../../functions/src/composition/schedule.ts';
import { fullEvent, fullJob } from '../../functions/src/composition/testing/written-fields.ts';
import { encodedBytes } from '../../functions/src/events/emit/encoded-size.ts';
import { DAY_MS } from '../../functions/src/kernel/index.ts';
import { KEEP_SENT_MS } from '../../functions/src/outbox/index.ts';
import { FACTS } from './facts.ts';
import type { Load } from './load.ts';
import { LOAD_TERMS, readLoad } from './load.ts';
import type { Answer, Plan } from './plan.ts';
import { plan } from './plan.ts';

const usual = loadOf({});

function loadOf(said: Readonly<Record<string, string>>): Load {
  const read = readLoad(said);
  if (read.kind === 'wrong') throw new Error(`${read.flag}: ${read.message}`);
  return read.load;
}

const all = ({ rates, capacity, costs }: Plan): readonly Answer[] => [
  ...rates,
  ...capacity,
  ...costs,
];

function valuesOf(load: Load): Record<string, number> {
  return Object.fromEntries(all(plan(load, FACTS)).map(({ key, value }) => [key, value]));
}

const loads = fc.record(
  Object.fromEntries(
    LOAD_TERMS.map(({ name, least, most }) => [
      name,
      fc.double({ min: least, max: most, noNaN: true }),
    ]),
  ) as unknown as { [Name in keyof Load]: fc.Arbitrary<number> },
);

describe('a plan', () => {
  test('of one event a second, two subscriptions and one person counts what is measured', () => {
    // By hand. Written: the event and two jobs; the transactional one settled, the external one claimed and
    // settled; a notification, an e-mail job and its settle. Read: two rows, one person. Nothing fails.
    const values = valuesOf(loadOf({ events: '1', retries: '0' }));
    expect(values).toMatchObject({ jobs: 3, writes: 3 + 1 + 2 + 3, again: 0, deletes: 4 });
    expect(values['reads']).toBeCloseTo(3 + 3 / 120);
    expect(values['dueWrites']).toBe(2 + 1 + 2 + 2);
    expect(values['cost']).toBeGreaterThan(9 * 2.592 * 0.9);
  });

  test('never gets cheaper or smaller by more of anything', () => {
    const growing = LOAD_TERMS.map(({ name }) => name).filter((name) => name !== 'external');
    fc.assert(
      fc.property(
        loads,
        fc.constantFrom(...growing),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (load, name, more) => {
          const { most } = LOAD_TERMS.find((term) => term.name === name)!;
          const larger = valuesOf({ ...load, [name]: load[name] + more * (most - load[name]) });
          for (const [key, value] of Object.entries(valuesOf(load))) {
            // A slower commit makes a worker slower: that is the one thing that shrinks.
            if (key === 'workerRate') continue;
            expect([key, larger[key]! * (1 + 1e-9) + 1e-12 >= value]).toEqual([key, true]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('adds up: writes are of their kinds, and the cost is of its parts', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const planned = plan(load, FACTS);
        const sum = (answers: readonly Answer[]) =>
          answers.reduce((total, { value }) => total + value, 0);
        const { writes } = valuesOf(load);
        const parts = planned.rates.filter(({ key }) => /^(?!due).*Writes$/.test(key));
        expect(sum(parts)).toBeCloseTo(writes!, 3);
        const total = planned.costs.at(-1)!.value;
        expect(sum(planned.costs.slice(0, -1)) / total).toBeCloseTo(1, 9);
        for (const { value } of all(planned)) expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('names for each limit the load at which it is reached, the first first', () => {
    const { limits } = plan({ ...usual, events: 5_000 }, FACTS);
    const places = limits.map(({ reachedAt }) => reachedAt);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const { title, used, limit, reachedAt } of limits) {
      expect([title, used > limit]).toEqual([title, reachedAt < 5_000]);
    }
    const at = new Map(limits.map((one) => [one.title, one.reachedAt]));
    // 500 a second of a tenant's index, of which the largest has a tenth; 10 MB of 1,500 bytes.
    expect(at.get('the largest tenant’s events by time')! / 5_000).toBeCloseTo(1, 2);
    expect(at.get('events to one trigger')! / (10_000_000 / 1_500)).toBeCloseTo(1, 2);
    expect(at.get('tasks of one queue')).toBe(Infinity);
  });

  test('says the source of every number in its formulas', () => {
    const { facts, load, rates, capacity, costs } = plan(usual, FACTS);
    const known = new Set([
      ...Object.keys(load),
      ...all({ rates, capacity, costs } as Plan).map(({ key }) => key),
    ]);
    for (const { formula } of all({ rates, capacity, costs } as Plan)) {
      const names = formula.match(/[A-Za-z]+/g) ?? [];
      const others = names.filter(
        (name) => !known.has(name) && !/^(max|min|roundUp|log)$/.test(name),
      );
      for (const name of others) expect(facts[name]?.source).toBeTruthy();
    }
    // A fact that no plan rests on would be there for nothing.
    expect(Object.keys(facts)).toEqual(Object.keys(FACTS));
  });
});

describe('what a plan rests on', () => {
  test('are the settings as they are by default', () => {
    const tickAt = readSchedule(DEFAULT_SETTINGS.OUTBOX_SCHEDULE)!;
    expect([
      FACTS.normalSlots.value,
      FACTS.maxWorkers.value,
      FACTS.concurrency.value,
      FACTS.jobsOfATick.value,
      FACTS.tickSeconds.value * 1_000,
      FACTS.sentDays.value * DAY_MS,
      FACTS.keptDays.value,
    ]).toEqual([
      DEFAULT_SETTINGS.OUTBOX_NORMAL_SLOTS,
      DEFAULT_SETTINGS.OUTBOX_MAX_WORKERS,
      DEFAULT_SETTINGS.OUTBOX_CONCURRENCY,
      DEFAULT_SETTINGS.OUTBOX_MAX_JOBS_PER_RUN,
      tickAt(tickAt(0)) - tickAt(0),
      KEEP_SENT_MS,
      DEFAULT_SETTINGS.ARCHIVE_AFTER_DAYS,
    ]);
  });

  test('are the functions as they are deployed', () => {
    const file = new URL('../../test/deploy/manifest.golden.json', import.meta.url);
    const { endpoints } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly endpoints: Readonly<
        Record<'onDomainEventCreated' | 'outboxWorker', Readonly<Record<string, number>>>
      >;
    };
    const { onDomainEventCreated: trigger, outboxWorker: worker } = endpoints;
    const { triggerConcurrency, triggerMemory, workerMemory, workerSeconds } = FACTS;
    expect([triggerConcurrency.value, triggerMemory.value * 1_024]).toEqual([
      trigger['concurrency'],
      trigger['availableMemoryMb'],
    ]);
    expect([workerMemory.value * 1_024, workerSeconds.value]).toEqual([
      worker['availableMemoryMb'],
      worker['timeoutSeconds']! * 0.8,
    ]);
  });

  test('are sizes that are not far from those of documents with every field', () => {
    const event = fullEvent();
    const bytes = encodedBytes(event) - encodedBytes({ payload: event['payload'] });
    for (const [measured, planned] of [
      [bytes, FACTS.envelopeBytes.value],
      [encodedBytes(fullJob()), FACTS.jobBytes.value],
    ] as const) {
      // Test ids are short: real ones are at most some 300 bytes more.
      expect(measured).toBeGreaterThan(planned / 2);
      expect(measured + 300).toBeLessThan(planned * 1.2);
    }
  });

  test('is the CPU that was measured, as docs/how-to/measure.md says', () => {
    const page = readFileSync(new URL('../../docs/how-to/measure.md', import.meta.url), 'utf8');
    expect(page).toContain(`What is more is CPU (${FACTS.cpuMs.value} ms a`);
  });
});

test.each([
  ['events', '0', 'events', /from 0.001 to 100,000/],
  ['events', '100001', 'events', /100,000/],
  ['external', '2', 'external', /from 0 to 1/],
  ['payloadBytes', 'much', 'payload', /from 0 to 256,000/],
  ['retries', '', 'retries', /from 0 to 1/],
  ['sendMs', 'NaN', 'send-ms', /from 1/],
])('a load with %s %p is refused by its name', (name, text, flag, message) => {
  expect(readLoad({ [name]: text })).toEqual({
    kind: 'wrong',
    flag,
    message: expect.stringMatching(message),
  });
});

test('thousands may be set apart', () => {
  expect(loadOf({ events: '100,000' }).events).toBe(100_000);
});
