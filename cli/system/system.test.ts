import { describe, expect, test } from '@jest/globals';
import { runStubbed } from '../testing/run-stubbed.ts';

const at = '2030-01-01T00:00:00.000Z';
const health = {
  checkedAt: at,
  late: true,
  lastTick: { endedAt: at, late: true },
  oldestDue: { jobId: 'j1', jobType: 'email', dueAt: at, ageMs: 600_000 },
  deadLetters: 1234,
  pauses: [{ id: 'p', jobType: 'email', by: 'ada', reason: 'The provider is down.', at }],
};
const stats = {
  total: { pending: 3, processing: 1, failed: 1234 },
  types: [{ jobType: 'email', pending: 2, processing: 1, failed: 1234 }],
  others: { pending: 1, processing: 0, failed: 0 },
  blockedLines: 2,
  slots: [
    { slot: 0, open: 1500 },
    { slot: 1000, open: 0 },
  ],
  sent: { since: at, total: 7000, types: { email: 6999 } },
};
const alerts = [
  { alert: 'dead_letters', threshold: 10, raised: { since: at, value: 1234 } },
  { alert: 'pending', threshold: 10_000 },
];
const replies = {
  getHealth: () => ({ body: health }),
  getStats: () => ({ body: stats }),
  listAlerts: () => ({ body: { alerts } }),
};

describe('stats', () => {
  test('say what is late, how many wait, and what is paused', async () => {
    const { exitCode, out } = await runStubbed(['stats'], replies);
    expect(exitCode).toBe(0);
    expect(out).toContain('j1, due for 10 min: LATE');
    expect(out).toContain('2030-01-01T00:00:00Z: LATE');
    expect(out).toMatch(/^email +2 +1 +1,234 +6,999$/m);
    expect(out).toMatch(/^\(no subscription\) +1 +0 +0$/m);
    expect(out).toMatch(/^in all +3 +1 +1,234 +7,000$/m);
    expect(out).toContain('The provider is down.');
    expect(out).toMatch(/open by slot +0: 1,500$/m);
    expect(out).toMatch(/^dead_letters +10 +1,234 +2030-01-01T00:00:00Z$/m);
    expect(out).not.toMatch(/^pending +10,000/m);
  });

  test('are one document for scripts', async () => {
    const { out, calls } = await runStubbed(['--json', 'stats', '--org', 'org1'], replies);
    expect(JSON.parse(out)).toEqual({ health, stats, alerts });
    expect(calls.find(({ operationId }) => operationId === 'getStats')?.query).toEqual({
      orgId: 'org1',
    });
  });
});

describe('stats --by-org', () => {
  const page = {
    organizations: [
      { orgId: '_platform', pending: 0, processing: 1, failed: 0 },
      { orgId: 'org1', pending: 1500, processing: 0, failed: 2 },
    ],
    nextCursor: 'next1',
  };
  const pageOf = (body: object) => ({ listOrganizationStats: () => ({ body }) });

  test('are a table in the order of the answer, and how the next page is got', async () => {
    const words = ['stats', '--by-org', '--limit', '2', '--cursor', 'c1'];
    const { exitCode, out, err, calls } = await runStubbed(words, pageOf(page));
    expect(exitCode).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ +/))).toEqual([
      ['organization', 'pending', 'processing', 'failed'],
      expect.anything(),
      ['_platform', '0', '1', '0'],
      ['org1', '1,500', '0', '2'],
      [''],
    ]);
    expect(err).toContain('More: --cursor next1');
    // One call, and none for what the rest of `stats` shows.
    expect(calls.map(({ operationId, query }) => [operationId, query])).toEqual([
      ['listOrganizationStats', { limit: '2', cursor: 'c1' }],
    ]);
  });

  test('are the answer for scripts', async () => {
    const { out, err } = await runStubbed(['--json', 'stats', '--by-org'], pageOf(page));
    expect([JSON.parse(out), err]).toEqual([page, '']);
  });

  test('say where a page has none', async () => {
    const { out } = await runStubbed(['stats', '--by-org'], pageOf({ organizations: [] }));
    expect(out).toBe('No organization.\n');
  });

  test.each([
    [['--by-org', '--org', 'org1'], '--org is one organization'],
    [['--limit', '5'], '--limit and --cursor are for --by-org'],
    [['--org', 'org1', '--cursor', 'c1'], '--limit and --cursor are for --by-org'],
  ])('with %j are refused before anybody is asked', async (words, message) => {
    const { exitCode, err, calls } = await runStubbed(['stats', ...words], replies);
    expect([exitCode, calls]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});

describe('pauses', () => {
  const both = {
    pauseJobs: () => ({ status: 201, body: { pauseId: 'p1' } }),
    resumeJobs: () => ({ body: { pauseId: 'p1', outcome: 'resuming' } }),
  };

  test('hold back what was said, once somebody agrees', async () => {
    const words = ['pause', '--type', 'email', '--reason', 'Down.'];
    const agreed = await runStubbed(words, both, { typed: ['y'] });
    expect([agreed.exitCode, agreed.calls[0]?.body]).toEqual([
      0,
      { jobType: 'email', reason: 'Down.' },
    ]);
    const declined = await runStubbed(words, both, { typed: [''] });
    expect([declined.exitCode, declined.calls]).toEqual([130, []]);
    expect(declined.asked).toEqual(['Hold back jobs of type email? [y/N] ']);
  });

  test('are not let go where nobody agrees to it', async () => {
    const words = ['resume', '--type', 'email', '--reason', 'Back.'];
    const declined = await runStubbed(words, both, { typed: ['n'] });
    expect([declined.exitCode, declined.calls]).toEqual([130, []]);
    expect(declined.asked).toEqual(['Let jobs of type email go on? [y/N] ']);
    const nobody = await runStubbed(words, both);
    expect([nobody.exitCode, nobody.calls]).toEqual([2, []]);
  });

  test('end without a question with --yes', async () => {
    const words = ['resume', '--org', 'org1', '--reason', 'Back.', '--yes'];
    const { exitCode, calls } = await runStubbed(words, both);
    expect([exitCode, calls[0]?.body]).toEqual([0, { orgId: 'org1', reason: 'Back.' }]);
  });
});

describe('the doctor', () => {
  const finding = {
    code: 'index-missing',
    severity: 'error',
    what: 'A query has no index.',
    where: 'outbox: slot, nextAttemptAt',
    whatToDo: 'Deploy the indexes.',
  };
  const looks = [
    { name: 'settings', looked: true },
    { name: 'schedule', looked: false, why: 'This is the emulator.', whatToDo: 'Ask a project.' },
  ];

  test.each([
    ['well', [], [looks[0]], 0],
    ['findings', [finding], [looks[0]], 1],
    ['incomplete', [], looks, 6],
  ])('who says %p makes a script see it', async (verdict, findings, made, code) => {
    const body = { verdict, findings, looks: made };
    const { exitCode, out } = await runStubbed(['doctor'], { getDiagnosis: () => ({ body }) });
    expect(exitCode).toBe(code);
    expect(out.includes('Deploy the indexes.')).toBe(findings.length > 0);
    expect(out.includes('This is the emulator.')).toBe(made.length > 1);
  });
});
