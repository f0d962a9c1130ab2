import { describe, expect, test } from '@jest/globals';
import { runStubbed } from '../testing/run-stubbed.ts';
import { sampleEvent, sampleJob } from '../testing/samples.ts';
import { problem, type Replies } from '../testing/stub-api.ts';

const page = {
  jobs: [sampleJob()],
  malformed: [{ id: 'odd', problem: 'no slot' }],
  nextCursor: 'c2',
};

describe('lists of jobs', () => {
  test('ask for what was said, and say how to go on', async () => {
    const words = ['dead-letters', '--type', 'email', '--failure', 'expired', '--limit', '5'];
    const { exitCode, out, err, calls } = await runStubbed(words, {
      listDeadLetters: () => ({ body: page }),
    });
    expect(exitCode).toBe(0);
    expect(calls[0]?.query).toEqual({ jobType: 'email', reason: 'expired', limit: '5' });
    expect(calls[0]?.headers.get('authorization')).toBe('Bearer a-token');
    expect(out).toContain(
      'email:org1:evt1:ben  failed       5/5  attempts-spent, unavailable: The',
    );
    expect(err).toBe('odd is no job: no slot\nMore: --cursor c2\n');
  });

  test('are the API’s document for scripts, and nothing else', async () => {
    const { out, err } = await runStubbed(['jobs', '--json'], { listJobs: () => ({ body: page }) });
    expect(JSON.parse(out)).toEqual(page);
    expect(err).toBe('');
  });

  test('say which is paused, and by which pause', async () => {
    const jobs = [sampleJob({ status: 'pending', pausedBy: 'jobType:email' }), sampleJob()];
    const { out } = await runStubbed(['jobs', '--status', 'pending'], {
      listJobs: () => ({ body: { jobs, malformed: [] } }),
    });
    expect(out).toMatch(/paused by +created/);
    expect(out).toMatch(/ pending .* jobType:email +2030/);
  });

  test('say that there is none', async () => {
    const { out } = await runStubbed(['jobs', '--status', 'sent'], {
      listJobs: () => ({ body: { jobs: [], malformed: [] } }),
    });
    expect(out).toBe('No job.\n');
  });

  test('are coloured on a terminal only, and not where nobody wants it', async () => {
    const replies = { listJobs: () => ({ body: page }) };
    const colored = await runStubbed(['jobs'], replies, { width: 120 });
    const plain = await runStubbed(['jobs'], replies, { width: 120, env: { NO_COLOR: '1' } });
    expect(colored.out).toContain('\u001B[31mfailed');
    expect(plain.out).not.toContain('\u001B');
  });
});

test('a job comes with its runs, its event, and who is in front of it', async () => {
  const at = '2030-01-01T00:00:00.000Z';
  const body = {
    job: sampleJob({ pausedBy: 'jobType:email' }),
    runs: [
      {
        runId: 'r1',
        by: 'tick',
        attempt: 5,
        startedAt: at,
        outcome: 'failed',
        code: 'unavailable',
      },
    ],
    line: { orderingKey: 'org1:c1', sequence: 4, inFront: sampleJob({ id: 'first' }) },
    event: sampleEvent(),
  };
  const { out, calls } = await runStubbed(['job', 'email:org1:evt1:ben~op'], {
    getJob: () => ({ body }),
  });
  expect(calls[0]?.path).toEqual({ jobId: 'email:org1:evt1:ben~op' });
  expect(out).toContain('failed, paused by jobType:email');
  expect(out).toContain('first (failed)');
  expect(out).toContain('comment.added evt1');
  expect(out).toContain('failed (unavailable)');
});

/** Of a job of type `email` in `org1`. */
function retried(...pauses: readonly object[]): Replies {
  return {
    retryJob: () => ({ body: { jobId: 'j1', outcome: 'redriven' } }),
    getJob: () => ({ body: { job: sampleJob({ id: 'j1' }), runs: [] } }),
    getControls: () => ({ body: { pauses } }),
  };
}

describe('one job', () => {
  test('is sent round again without a question, with the reason', async () => {
    const { exitCode, out, err, calls } = await runStubbed(
      ['redrive', 'j1', '--reason', 'It is back.', '--regain-place'],
      retried(),
    );
    expect([exitCode, out, err]).toEqual([0, 'j1 is due again.\n', '']);
    expect(calls[0]?.body).toEqual({ reason: 'It is back.', regainPlace: true });
  });

  test.each([
    [{ jobType: 'email' }, true],
    [{ orgId: 'org1' }, true],
    [{ jobType: 'email', orgId: 'org1' }, true],
    [{ jobType: 'email', orgId: 'org2' }, false],
    [{ jobType: 'notif' }, false],
    [{ jobType: 'email', resumingSince: '2030-01-01T00:00:00.000Z' }, false],
  ])(
    'that is sent round while %j is paused is said to be held back: %p',
    async (target, isHeld) => {
      const pause = { id: 'p', by: 'ada', reason: 'Down.', at: '2030-01-01T00:00:00.000Z' };
      const words = ['redrive', 'j1', '--reason', 'x'];
      const { exitCode, out, err } = await runStubbed(words, retried({ ...pause, ...target }));
      expect([exitCode, out]).toEqual([0, 'j1 is due again.\n']);
      expect(err).toBe(isHeld ? 'But it is held back: ada paused it (Down.).\n' : '');
    },
  );

  test('was sent round, even if nobody says whether it is paused', async () => {
    const { exitCode, err } = await runStubbed(['redrive', 'j1', '--reason', 'x'], {
      ...retried(),
      getControls: () => problem(500, 'internal', 'It failed.'),
    });
    expect([exitCode, err]).toEqual([0, '']);
  });

  test('is cancelled; why, is asked of whoever is there', async () => {
    const { asked, calls } = await runStubbed(
      ['cancel', 'j1'],
      { cancelJob: () => ({ body: { jobId: 'j1', outcome: 'cancelled' } }) },
      { typed: ['It was voided.'] },
    );
    expect(asked).toEqual(['Why? (for the audit log) ']);
    expect(calls[0]?.body).toEqual({ reason: 'It was voided.' });
  });
});
