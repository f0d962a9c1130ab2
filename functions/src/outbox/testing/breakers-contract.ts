import { describe, expect, jest, test } from '@jest/globals';
import { HOUR_MS } from '#kernel';
import type { Breakers, BreakerSettings, SinkCall } from '../processor/breakers.ts';
import type { KeptLogs } from './a-worker.ts';
import { T0 } from './factories.ts';

/** Circuits, what they log, and a way to let time pass for them. */
export interface BreakersUnderTest {
  readonly breakers: Breakers;
  readonly logs: KeptLogs;
  readonly pass: (ms: number) => Promise<void>;
}

const openMs = 30_000;

/** Makes circuits for one case. */
export type MakeBreakers = (settings: BreakerSettings) => BreakersUnderTest;

/** What all circuits promise. */
export function breakersContract(name: string, make: MakeBreakers): void {
  const open = () => new Sinks(make({ failuresInARow: 2, openMs }));
  describeClosed(name, open);
  describeProbes(name, open);
  describeReports(name, open);
}

function describeClosed(name: string, open: () => Sinks): void {
  describe(`circuits ${name}`, () => {
    test('are closed at first: every call is made', async () => {
      const sinks = open();
      expect(sinks.breakers.openForMs('mail')).toBe(0);
      expect(await sinks.call('mail', 'works')).toBe('works');
    });

    test('open after so many failures in a row, and nobody is called', async () => {
      const sinks = await broken(open());
      expect(await sinks.call('mail', 'works')).toBe('open');
      expect(sinks.breakers.openForMs('mail')).toBeGreaterThan(0);
      expect(sinks.breakers.openForMs('mail')).toBeLessThanOrEqual(openMs);
    });

    test('do not open where a call in between worked', async () => {
      const sinks = open();
      for (const result of ['fails', 'works', 'fails'] as const) await sinks.call('mail', result);
      expect(await sinks.call('mail', 'works')).toBe('works');
    });

    test('are each their own sink’s', async () => {
      const sinks = await broken(open());
      expect(sinks.breakers.openForMs('fax')).toBe(0);
      expect(await sinks.call('fax', 'works')).toBe('works');
    });
  });
}

function describeProbes(name: string, open: () => Sinks): void {
  describe(`circuits ${name}`, () => {
    test('let one probe through when their time is over, which closes them if it works', async () => {
      const sinks = await broken(open());
      await sinks.untilItMayBeCalled('mail');
      expect(await sinks.call('mail', 'works')).toBe('works, as a probe');
      expect(await sinks.call('mail', 'works')).toBe('works');
    });

    test('open again for as long if the probe fails', async () => {
      const sinks = await broken(open());
      await sinks.untilItMayBeCalled('mail');
      expect(await sinks.call('mail', 'fails')).toBe('fails, as a probe');
      expect(await sinks.call('mail', 'works')).toBe('open');
    });

    test('let nobody else through while the probe is out, and make nobody wait for it', async () => {
      const sinks = await broken(open());
      await sinks.untilItMayBeCalled('mail');
      const probe = Promise.withResolvers<void>();
      const probing = sinks.call('mail', 'works', probe.promise);
      expect(await sinks.call('mail', 'works')).toBe('open');
      expect(sinks.breakers.openForMs('mail')).toBe(openMs);
      probe.resolve();
      expect(await probing).toBe('works, as a probe');
    });
  });
}

function describeReports(name: string, open: () => Sinks): void {
  describe(`circuits ${name}`, () => {
    test.each([-1, 1])('do not go by the time of day: one that jumps by %i h', async (hours) => {
      const now = jest.spyOn(Date, 'now').mockReturnValue(T0);
      try {
        const sinks = await broken(open());
        now.mockReturnValue(T0 + hours * HOUR_MS);
        expect(await sinks.call('mail', 'works')).toBe('open');
        await sinks.untilItMayBeCalled('mail');
        expect(await sinks.call('mail', 'works')).toBe('works, as a probe');
      } finally {
        now.mockRestore();
      }
    });

    test('hand on what a call throws', async () => {
      const { breakers } = open();
      const thrown = breakers.guard('mail', () => Promise.reject(new Error('database')));
      await expect(thrown).rejects.toThrow('database');
    });

    test('say once that a sink is left alone, and that it answers again', async () => {
      const sinks = await broken(open());
      await sinks.call('mail', 'works');
      await sinks.untilItMayBeCalled('mail');
      await sinks.call('mail', 'works');
      expect(sinks.logs.entries.map(({ message }) => message)).toEqual([
        'sink fails again and again; it is left alone for a while',
        'sink answers again',
      ]);
    });
  });
}

/** A call, and what became of it. */
interface Call extends SinkCall {
  readonly said: string;
}

class Sinks implements BreakersUnderTest {
  readonly breakers: Breakers;
  readonly logs: KeptLogs;
  readonly pass: BreakersUnderTest['pass'];

  constructor({ breakers, logs, pass }: BreakersUnderTest) {
    this.breakers = breakers;
    this.logs = logs;
    this.pass = pass;
  }

  async call(sink: string, result: 'works' | 'fails', after?: Promise<void>): Promise<string> {
    const call = await this.breakers.guard(sink, async (isProbe): Promise<Call> => {
      await after;
      return { hasFailed: result === 'fails', said: isProbe ? `${result}, as a probe` : result };
    });
    return call === 'open' ? 'open' : call.said;
  }

  async untilItMayBeCalled(sink: string): Promise<void> {
    await this.pass(openMs - 1);
    if (this.breakers.openForMs(sink) !== 1) throw new Error('It should be open for 1 ms more.');
    await this.pass(1);
  }
}

async function broken(sinks: Sinks): Promise<Sinks> {
  await sinks.call('mail', 'fails');
  await sinks.call('mail', 'fails');
  return sinks;
}
