import { describe, expect, test } from '@jest/globals';
import { half, over, startThenSee } from '../testing/operation-states.ts';
import { runStubbed } from '../testing/run-stubbed.ts';
import { sampleOperation } from '../testing/samples.ts';
import { problem } from '../testing/stub-api.ts';
import type { StartBody } from './operation.ts';

const redrive = ['redrive', '--type', 'email', '--reason', 'It is back.'];

describe('starting', () => {
  test('with --yes starts at once, watches, and shows what came of it', async () => {
    const { exitCode, out, err, calls } = await runStubbed(
      [...redrive, '--yes', '--rate', '50'],
      startThenSee({}, half, over),
    );
    expect(exitCode).toBe(0);
    expect(calls.map(({ operationId }) => operationId)).toEqual([
      'startOperation',
      'getOperation',
      'getOperation',
      'getOperation',
    ]);
    expect(calls[0]?.body).toEqual({
      kind: 'redrive',
      params: { jobType: 'email' },
      rowsPerSecond: 50,
      reason: 'It is back.',
    });
    expect(calls[0]?.headers.get('idempotency-key')).toBe('key-1');
    expect(out).toContain('2,000 looked at, 1,997 done, skipped: still-open 3');
    expect(err).toContain('Operation op1\n');
  });

  test('by somebody shows a dry run’s count first, and starts when they agree', async () => {
    const { exitCode, asked, err, calls } = await runStubbed(redrive, startThenSee(over), {
      typed: ['yes'],
    });
    expect(exitCode).toBe(0);
    expect(err).toContain('It would be 1,997 of 2,000 rows (skipped: still-open 3).');
    expect(asked).toEqual(['Send them round again? [y/N] ']);
    const started = calls.filter(({ operationId }) => operationId === 'startOperation');
    expect(started.map(({ body }) => (body as StartBody).dryRun)).toEqual([true, undefined]);
  });

  test('changes nothing where they do not agree', async () => {
    const { exitCode, err, calls } = await runStubbed(redrive, startThenSee(over), {
      typed: ['n'],
    });
    expect(exitCode).toBe(130);
    expect(err).toContain('Nothing was changed.');
    const started = calls.filter(({ operationId }) => operationId === 'startOperation');
    expect(started.map(({ body }) => (body as StartBody).dryRun)).toEqual([true]);
  });

  test('ends where there is nothing to agree to', async () => {
    const nothing = { ...over, seen: 0, done: 0, skipped: {} };
    const ran = await runStubbed(redrive, startThenSee(nothing), { typed: ['n'] });
    expect([ran.exitCode, ran.asked]).toEqual([0, []]);
    expect(ran.err).toContain('It matched nothing.\n');
    const started = ran.calls.filter(({ operationId }) => operationId === 'startOperation');
    expect(started.map(({ body }) => (body as StartBody).dryRun)).toEqual([true]);
  });

  test('ends where the dry run does not come to its end', async () => {
    const lastError = { code: 'ceiling-reached', message: 'There are more than 1,000.' };
    const states = startThenSee({ ...over, state: 'failed', lastError });
    const { exitCode, err, asked } = await runStubbed(redrive, states, { typed: ['y'] });
    expect([exitCode, asked]).toEqual([1, []]);
    expect(err).toContain('The dry run op1 is failed: There are more than 1,000.');
  });

  test('Ctrl-C while it counts: only the count goes on, and nothing was changed', async () => {
    const { exitCode, err, asked } = await runStubbed(redrive, startThenSee(half), {
      typed: ['y'],
      interruptAfterWaits: 1,
    });
    expect([exitCode, asked]).toEqual([130, []]);
    expect(err).toContain('Nothing was changed. Only the count goes on');
    expect(err).not.toContain('Come back');
  });

  test('where nobody is asks for --yes, and nothing is sent', async () => {
    const { exitCode, calls } = await runStubbed(redrive, {});
    expect([exitCode, calls]).toEqual([2, []]);
  });

  test('a dry run needs no consent; what only reads needs none either', async () => {
    const dry = await runStubbed([...redrive, '--dry-run'], startThenSee(over));
    expect([dry.exitCode, dry.calls[0]?.body]).toEqual([
      0,
      expect.objectContaining({ dryRun: true }),
    ]);
    const verify = ['verify', '--org', 'org1', '--reason', 'Monthly.'];
    const verified = await runStubbed(verify, startThenSee(over));
    expect([verified.exitCode, verified.calls[0]?.body]).toEqual([
      0,
      { kind: 'verify', params: { orgId: 'org1' }, reason: 'Monthly.' },
    ]);
  });

  test('without watching answers at once', async () => {
    const { exitCode, out, calls } = await runStubbed(
      [...redrive, '--yes', '--no-watch', '--json'],
      startThenSee(),
    );
    expect([exitCode, calls.length]).toEqual([0, 1]);
    expect(JSON.parse(out)).toMatchObject({ id: 'op1', state: 'running' });
  });

  test.each<[words: string, body: object]>([
    [
      'replay --subscription a b --type x.y --entity-type t --entity-id i --side-effects a b',
      {
        kind: 'replay',
        params: {
          orgId: 'o',
          subscriptions: ['a', 'b'],
          eventTypes: ['x.y'],
          entityType: 't',
          entityId: 'i',
          sideEffects: ['a', 'b'],
        },
      },
    ],
    ['rebuild totals', { kind: 'rebuild', params: { orgId: 'o', projection: 'totals' } }],
    ['verify', { kind: 'verify', params: { orgId: 'o' } }],
    ['verify --archived', { kind: 'verify', params: { orgId: 'o', archived: true } }],
    [
      'archive --before 2030-01-01',
      { kind: 'archive', params: { orgId: 'o', before: '2030-01-01T00:00:00.000Z' } },
    ],
    [
      'restore --from 2029-01-01 --to 2029-01-31 --max-rows 9 --max-operations 50',
      {
        kind: 'restore',
        params: { orgId: 'o', from: '2029-01-01', to: '2029-01-31' },
        maxRows: 9,
        maxOperations: 50,
      },
    ],
    ['purge', { kind: 'purge', params: {} }],
    ['export --type x.y', { kind: 'export', params: { orgId: 'o', eventTypes: ['x.y'] } }],
    [
      'import imports/a --source s',
      { kind: 'import', params: { orgId: 'o', file: 'imports/a', source: 's' } },
    ],
  ])('of %j asks for what was said, of the organization that was named', async (words, body) => {
    const options = { typed: ['y'], env: { OUTBOX_ORG: 'o' } };
    const ran = await runStubbed(
      [...words.split(' '), '--reason', 'r', '--no-watch'],
      startThenSee(over),
      options,
    );
    const [first, second] = ran.calls.filter(({ operationId }) => operationId === 'startOperation');
    const sent = { ...body, reason: 'r' };
    expect(first?.body).toEqual(second === undefined ? sent : { ...sent, dryRun: true });
    expect(second?.body ?? sent).toEqual(sent);
  });

  test.each<[words: string, body: object]>([
    [
      'cancel --failure poison --from 2030-01-01',
      { kind: 'cancel', params: { reason: 'poison', from: '2030-01-01T00:00:00.000Z' } },
    ],
    ['redrive --all --max-rows 9', { kind: 'redrive', params: { all: true }, maxRows: 9 }],
  ])('of %j asks for what was said', async (words, body) => {
    const all = [...words.split(' '), '--reason', 'r', '--yes'];
    const { calls } = await runStubbed(all, startThenSee(over));
    expect(calls[0]?.body).toEqual({ ...body, reason: 'r' });
  });
});

test('a replay that is refused for its side effects is told the option', async () => {
  const refusal = problem(400, 'invalid-input', 'It is not right.');
  const path = 'params.subscriptions.0';
  const message = 'what it sends would be sent again: name it in sideEffects too if it is to be';
  const body = { ...(refusal.body as object), problems: [{ path, message }] };
  const words = ['replay', '--org', 'o', '--subscription', 'email', '--reason', 'r', '--dry-run'];
  const { exitCode, err } = await runStubbed(words, {
    startOperation: () => ({ ...refusal, body }),
  });
  expect(exitCode).toBe(2);
  expect(err).toContain('--side-effects');
});

describe('operations', () => {
  test('are listed, newest first', async () => {
    const { out, calls } = await runStubbed(['operations', '--state', 'running'], {
      listOperations: () => ({ body: { operations: [sampleOperation(half)], nextCursor: 'n' } }),
    });
    expect(calls[0]?.query).toEqual({ state: 'running' });
    expect(out).toMatch(/^op1 +redrive +running +1,200 +1,197 /m);
  });

  test.each([
    ['pause', 'pauseOperation', 'paused'],
    ['resume', 'resumeOperation', 'running'],
    ['cancel', 'cancelOperation', 'cancelled'],
  ] as const)('%s says what it is to be', async (verb, operationId, wanted) => {
    const { exitCode, calls, out } = await runStubbed(
      ['operations', verb, 'op1', '--reason', 'r'],
      {
        [operationId]: () => ({ body: sampleOperation({ wanted }) }),
      },
    );
    expect([exitCode, calls[0]?.body, calls[0]?.path]).toEqual([
      0,
      { reason: 'r' },
      { operationId: 'op1' },
    ]);
    expect(out).toContain(wanted);
  });
});
