import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { judgeClock, judgeRuntime } from './runtime.ts';

test.each([
  ['what it is built for', { nodeVersion: '24.1.0', service: 'api' }, []],
  ['another Node', { nodeVersion: '22.1.0', service: 'api' }, ['other-node']],
  ['no Cloud Run', { nodeVersion: '24.1.0', service: undefined }, ['other-generation']],
])('on %s', (_, facts, codes) => {
  expect(judgeRuntime(facts).map(({ code }) => code)).toEqual(codes);
});

test.each([
  ['right', { beforeMs: 1_000, serverMs: 1_050, afterMs: 1_100 }, []],
  ['as wrong as it may be', { beforeMs: 6_000, serverMs: 1_000, afterMs: 6_100 }, []],
  ['ahead', { beforeMs: 6_001, serverMs: 1_000, afterMs: 6_100 }, [/5 s ahead/]],
  ['behind', { beforeMs: 900, serverMs: 8_000, afterMs: 1_000 }, [/7 s behind/]],
  // It may be right: the read may have been anywhere on the way.
  ['unknown after a long way', { beforeMs: 0, serverMs: 30_000, afterMs: 60_000 }, []],
])('a clock that is %s', (_, facts, said) => {
  const expected = said.map((what) => expect.stringMatching(what));
  expect(judgeClock(facts).map(({ what }) => what)).toEqual(expected);
});

test('a clock is called wrong only when it is, however long the way', () => {
  const ms = fc.integer({ min: 0, max: 60_000 });
  const times = fc.tuple(fc.integer({ min: -20_000, max: 20_000 }), ms, ms);
  const isRight = fc.property(times, ([offsetMs, thereMs, backMs]) => {
    const serverMs = 1_000_000;
    const beforeMs = serverMs - thereMs + offsetMs;
    const facts = { beforeMs, serverMs, afterMs: serverMs + backMs + offsetMs };
    const found = judgeClock(facts).length > 0;
    const isWrong = Math.abs(offsetMs) > 5_000;
    // On a short way nothing is missed.
    expect([found && !isWrong, isWrong && !found && thereMs + backMs === 0]).toEqual([
      false,
      false,
    ]);
  });
  fc.assert(isRight);
});
