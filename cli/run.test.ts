import { describe, expect, test } from '@jest/globals';
import { runFake } from './testing/fake-shell.ts';
import { startThenSee } from './testing/operation-states.ts';
import { runStubbed } from './testing/run-stubbed.ts';
import { problem, StubApi } from './testing/stub-api.ts';

const nobody = { fetch: () => Promise.reject(new Error('nobody should be asked')) };

describe('what cannot be meant', () => {
  test.each([
    [['statz'], 'Did you mean stats?'],
    [['jobs', '--statuss', 'failed'], 'Did you mean --status?'],
    [['jobs', '--status', 'gone'], 'Allowed choices are pending, processing'],
    [['jobs', '--limit', '0'], 'no whole number'],
    [['tail', '--org', 'o', '--lines', '201'], 'no more than 200'],
    [['job'], 'missing required argument'],
    [['events', '--org', 'o', '--from', 'yesterday'], 'how long ago'],
    [['redrive', '--from', '5', '--reason', 'x', '--yes'], 'how long ago'],
    [['cancel', '--to', '2026-11-22 01:05', '--reason', 'x', '--yes'], 'how long ago'],
    [['events'], 'Say which organization'],
    [['pause', '--reason', 'x', '--yes'], 'Say which jobs'],
    [['redrive', '--reason', 'x', '--yes'], 'Say which'],
    [['redrive', 'job1', '--type', 'email', '--reason', 'x'], 'leave the filters'],
    [['redrive', '--all', '--yes'], 'Say why'],
    [['redrive', '--all', '--reason', 'x'], 'say --yes'],
    [['replay', '--org', 'o', '--reason', 'x'], "required option '--subscription"],
    [['verify', '--org', 'o', '--rate', '0.9', '--reason', 'x'], '1 to 1000'],
    [['stats', '--url', 'http://example.test'], 'in the open'],
    [['stats', '--url', 'nonsense'], 'no address'],
    [['operations', 'watch'], 'missing required argument'],
  ])('%j is 2, says why on stderr, and asks nobody', async (words, said) => {
    const { exitCode, out, err } = await runFake(words, nobody);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(said);
  });
});

test('help is on stdout, and nothing is wrong', async () => {
  const { exitCode, out, err } = await runFake(['help', 'redrive'], nobody);
  expect([exitCode, err]).toEqual([0, '']);
  expect(out).toContain('--regain-place');
});

test('the version is on stdout', async () => {
  const { exitCode, out, err } = await runFake(['--version'], nobody);
  expect([exitCode, err]).toEqual([0, '']);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('what is refused', () => {
  test.each([
    [401, 'unauthenticated', 3, 'outbox login'],
    [403, 'permission-denied', 3, 'operator: true'],
    [404, 'not-found', 5, 'req-1'],
    [409, 'job-malformed', 5, 'req-1'],
    [500, 'internal', 4, 'function `api`'],
    [400, 'invalid-input', 2, 'jobId: is not right'],
  ])(
    '%p %s is %p, with the reason, the reference and what to do',
    async (status, code, exit, hint) => {
      const { exitCode, out, err } = await runStubbed(['job', 'a~b:c'], {
        getJob: () => problem(status, code, 'Because.', 'jobId'),
      });
      expect([exitCode, out]).toEqual([exit, '']);
      expect(err).toContain(`It is refused (${code}): Because.`);
      expect(err).toContain('Reference: req-1');
      expect(err).toContain(hint);
    },
  );

  test('an organization that is not named is told how to name', async () => {
    const { err } = await runStubbed(['event', 'evt1', '--org', 'x'], {
      getEvent: () => problem(400, 'invalid-input', 'It is not clear.', 'X-Org-Id'),
      listJobsOfEvent: () => problem(400, 'invalid-input', 'It is not clear.', 'X-Org-Id'),
    });
    expect(err).toContain('--org <orgId>, or OUTBOX_ORG');
  });
});

describe('who does not answer', () => {
  test('is asked four times where that changes nothing, then it is 4', async () => {
    let calls = 0;
    const fetch = (): Promise<Response> => {
      calls += 1;
      return Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
    };
    const { exitCode, err, waitsMs } = await runFake(['job', 'a'], { fetch });
    expect([exitCode, calls, waitsMs]).toEqual([4, 4, [500, 1000, 2000]]);
    expect(err).toContain('127.0.0.1:5001 does not answer: ECONNREFUSED');
  });

  test('is not asked again to change something', async () => {
    let calls = 0;
    const fetch = (): Promise<Response> => {
      calls += 1;
      return Promise.reject(new TypeError('fetch failed'));
    };
    const { exitCode } = await runFake(['redrive', 'job1', '--reason', 'x'], { fetch });
    expect([exitCode, calls]).toEqual([4, 1]);
  });

  test('is asked again to start an operation, once by its key', async () => {
    const stub = new StubApi(startThenSee());
    const keys: unknown[] = [];
    const fetch = (request: Request): Promise<Response> => {
      keys.push(request.headers.get('idempotency-key'));
      return keys.length === 1
        ? Promise.reject(new TypeError('fetch failed'))
        : stub.fetch(request);
    };
    const words = ['redrive', '--all', '--yes', '--reason', 'x', '--no-watch'];
    const { exitCode } = await runFake(words, { fetch });
    expect([exitCode, keys]).toEqual([0, ['key-1', 'key-1']]);
  });

  test('is given the time that it asks for', async () => {
    let calls = 0;
    const fetch = async (): Promise<Response> => {
      calls += 1;
      const headers = { 'retry-after': '7' };
      return calls === 1
        ? new Response('', { status: 429, headers })
        : Response.json({ jobs: [], malformed: [] });
    };
    const { exitCode, waitsMs } = await runFake(['jobs'], { fetch });
    expect([exitCode, waitsMs]).toEqual([0, [7000]]);
  });

  test('with something else than the API is 4', async () => {
    const fetch = async (): Promise<Response> => new Response('<html>', { status: 200 });
    const { exitCode, err } = await runFake(['jobs'], { fetch });
    expect(exitCode).toBe(4);
    expect(err).toContain('no answer of the API');
  });
});
