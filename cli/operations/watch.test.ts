import { describe, expect, test } from '@jest/globals';
import { runFake } from '../testing/fake-shell.ts';
import { failing, half, over, startThenSee } from '../testing/operation-states.ts';
import { runStubbed } from '../testing/run-stubbed.ts';
import { sampleOperation } from '../testing/samples.ts';
import { problem, StubApi } from '../testing/stub-api.ts';
import type { Operation } from './operation.ts';
import { describeProgress } from './progress.ts';

const redrive = ['redrive', '--type', 'email', '--reason', 'It is back.'];

describe('the end of an operation', () => {
  test.each<[Partial<Operation>, number]>([
    [over, 0],
    [{ ...over, state: 'failed', lastError: { code: 'ceiling-reached', message: 'Too many.' } }, 1],
    [{ ...over, state: 'cancelled' }, 1],
    [{ ...over, found: { 'hash-differs': 2 } }, 1],
  ])('%j is %p', async (end, code) => {
    const { exitCode } = await runStubbed(['operations', 'watch', 'op1'], startThenSee(end));
    expect(exitCode).toBe(code);
  });
});

describe('an operation that matched nothing', () => {
  const none = { ...over, seen: 0, done: 0, skipped: {}, estimate: 0, params: { orgId: 'orgg1' } };
  const said = 'It matched nothing: is the organization orgg1 right?\n';
  const verify = ['verify', '--org', 'orgg1', '--reason', 'Monthly.'];

  test.each([
    [verify],
    [['operations', 'show', 'op1']],
    [['verify', '--json', ...verify.slice(1)]],
  ])('%j says so on stderr, and ends as before', async (words) => {
    const { exitCode, err } = await runStubbed(words, startThenSee(none));
    expect(exitCode).toBe(0);
    expect(err).toContain(said);
  });

  test('says so, and nobody is asked', async () => {
    const words = ['archive', '--org', 'orgg1', '--reason', 'r'];
    const { exitCode, err, asked } = await runStubbed(words, startThenSee(none), { typed: ['n'] });
    expect([exitCode, asked]).toEqual([0, []]);
    expect(err).toContain(said);
  });

  test('is not one that is not over, or saw something', async () => {
    for (const state of [over, { ...none, state: 'running' as const }]) {
      const { err } = await runStubbed(['operations', 'show', 'op1'], startThenSee(state));
      expect(err).toBe('');
    }
  });
});

test('how many are left is not said where the API does not know: it may have hit its ceiling', async () => {
  const { left: _, ...failed } = { ...half, state: 'failed' as const };
  const { out } = await runStubbed(['operations', 'show', 'op1'], startThenSee(failed));
  expect(out).toMatch(/^expected +2,000$/m);
});

describe('one that is running', () => {
  const show = ['operations', 'show', 'op1'];

  test('is shown with the step that it waits for', async () => {
    const { out } = await runStubbed(show, startThenSee(failing('It is away.', 8)));
    expect(out).toMatch(/^step +operation:_platform:op1~s7 \(pending\)$/m);
    expect(out).toMatch(/^attempts +8 of 20$/m);
    expect(out).toMatch(/^due +2030-01-01T00:05:00Z$/m);
    expect(out).toMatch(/^last error +contention: It is away\.$/m);
  });

  test('is shown without when its step is due while that is being made', async () => {
    const { step } = failing('It is away.', 8);
    const made = { ...half, step: { ...step, status: 'processing' as const } };
    const { out } = await runStubbed(show, startThenSee(made));
    expect(out).toMatch(/^step .* \(processing\)$/m);
    expect(out).not.toMatch(/^due /m);
  });

  test('has lasted until now, and not until its last step', async () => {
    const at = '2029-12-31T23:58:50.000Z';
    const { out } = await runStubbed(show, startThenSee({ ...half, startedAt: at, updatedAt: at }));
    expect(out).toMatch(/^until now +1 min 10 s$/m);
  });
});

describe('watching', () => {
  test('one that is not there is refused: there is nothing to come back to', async () => {
    const { exitCode, err } = await runStubbed(['operations', 'watch', 'gone'], {
      getOperation: () => problem(404, 'not-found', 'There is no such operation.'),
    });
    expect(exitCode).toBe(5);
    expect(err).not.toContain('Come back');
  });

  test('is left by Ctrl-C: it goes on, and how to come back is said', async () => {
    const words = [...redrive, '--yes'];
    const { exitCode, out, err } = await runStubbed(words, startThenSee(half), {
      interruptAfterWaits: 2,
    });
    expect([exitCode, out]).toEqual([130, '']);
    expect(err).toContain('It goes on.\nCome back: outbox operations watch op1\n');
  });

  test('is left where nobody answers any more, and says how to come back', async () => {
    const { getOperation } = startThenSee(half);
    let looks = 0;
    const stub = new StubApi({ ...(getOperation && { getOperation }) });
    const fetch = (request: Request): Promise<Response> => {
      looks += 1;
      return looks > 2 ? Promise.reject(new TypeError('fetch failed')) : stub.fetch(request);
    };
    const { exitCode, err } = await runFake(['operations', 'watch', 'op1'], { fetch });
    expect([exitCode, looks, stub.lies]).toEqual([4, 6, []]);
    expect(err).toContain('Come back: outbox operations watch op1\n');
  });

  test('writes a line every five seconds where nobody looks', async () => {
    const states = [...Array.from({ length: 9 }, () => half), over];
    const { err, waitsMs } = await runStubbed(
      ['operations', 'watch', 'op1'],
      startThenSee(...states),
    );
    expect(waitsMs).toEqual([500, 1000, ...Array.from({ length: 7 }, () => 2000)]);
    expect(err.split('\n').filter((line) => line.startsWith('redrive'))).toHaveLength(4);
    expect(err).not.toContain('\r');
  });

  test('draws one line that changes on a terminal, never wider than it', async () => {
    const { err } = await runStubbed(['operations', 'watch', 'op1'], startThenSee(half, over), {
      width: 40,
    });
    const frames = err.split('\r\u001B[2K').slice(1);
    expect(frames).toHaveLength(2);
    expect(frames.map((frame) => frame.trimEnd().length <= 39)).toEqual([true, true]);
    expect(err.endsWith('\n')).toBe(true);
  });

  test.each([undefined, 80])(
    'says with what a step fails, once, in a line (width %p)',
    async (width) => {
      const [away, back] = ['It is away.', 'It is locked.'];
      const states = [failing(away, 1), failing(away, 2), failing(back, 3), half, over];
      const words = ['operations', 'watch', 'op1'];
      const options = width === undefined ? {} : { width };
      const { err } = await runStubbed(words, startThenSee(...states), options);
      const lines = err.split(/[\n\r]/).map((line) => line.replace('\u001B[2K', ''));
      expect(lines.filter((line) => line.startsWith('The step'))).toEqual([
        'The step operation:_platform:op1~s7 failed: contention: It is away.',
        'The step operation:_platform:op1~s7 failed: contention: It is locked.',
      ]);
    },
  );

  test('says how far it is, how fast, and how long it will be', () => {
    expect(describeProgress(sampleOperation(half))).toBe(
      'redrive  ████████████░░░░░░░░  1,200 of 2,000  60 %  200/s  4 s left  3 skipped',
    );
    expect(describeProgress(sampleOperation({ dryRun: true, wanted: 'paused' }))).toBe(
      'redrive (dry run)  0 rows  waits for the next tick  running, to be paused',
    );
    const stuck = { ...failing('It is away.', 8), seen: 0, ratePerSecond: 0, skipped: {} };
    expect(describeProgress(sampleOperation(stuck))).toBe(
      'redrive  ░░░░░░░░░░░░░░░░░░░░  0 of 2,000  0 %  0/s  tries a step again, 8 of 20 attempts',
    );
  });
});
