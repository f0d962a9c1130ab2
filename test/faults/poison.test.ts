import { beforeAll, describe, expect, test } from '@jest/globals';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { waitFor } from '../../tools/local/wait-for.ts';
import { countOpen, emitJobs, readRows } from './database.ts';
import type { TestPayload } from './handlers.ts';
import type { DeathLine, JournalLine } from './journal.ts';
import { judgeDuplicates } from './judge.ts';
import { toPlan } from './load.ts';
import { DEPLOYED, openScene } from './scene.ts';

const INNOCENTS = 200;
const TENANTS = 50;
/** Everybody fits on one page. */
const SETTINGS = { ...DEPLOYED, pageSize: INNOCENTS + 50 };
/** Starts in a row without an end that make a job poison. */
const DEATHS = 3;
/** Most of it is waiting for leases to run out: three seconds each. */
const SPEED = 20;
const PATIENCE_MS = 90_000;

const firestore = openEmulatorFirestore();
const killerId = 'killer:org0:event0';

/** Runs the innocent and a killer, due before any of them, until all have ended. */
async function play(workers: number, dies: Required<TestPayload>['dies']) {
  const { fleet, journal, folder } = await openScene(firestore, {
    name: `poison-${workers}`,
    settings: SETTINGS,
    speed: SPEED,
  });
  const killer = toPlan({
    jobType: 'killer',
    orgId: 'org0',
    causeId: 'event0',
    payload: { dies },
  });
  const innocents = Array.from({ length: INNOCENTS }, (_, n) =>
    toPlan({ jobType: 'mail', orgId: `org${n % TENANTS}`, causeId: `event${n}` }),
  );
  await emitJobs(firestore, [killer.job], DEPLOYED.slots);
  await emitJobs(
    firestore,
    innocents.map(({ job }) => job),
    DEPLOYED.slots,
  );
  fleet.start(workers);
  try {
    await waitFor(
      () => countOpen(firestore),
      (open) => open === 0,
      { what: `every job to end; see ${folder}`, timeoutMs: PATIENCE_MS, pollMs: 250 },
    );
  } finally {
    await fleet.stop();
  }
  const rows = await readRows(firestore);
  const ofKiller = rows.get(killerId);
  rows.delete(killerId);
  return { killer: ofKiller, innocents: [...rows.values()], rows, journal: journal.read() };
}

function deathsIn(journal: readonly JournalLine[]): DeathLine[] {
  return journal.filter((line) => line.kind === 'died');
}

describe.each([
  ['one worker', 1, 'exit', 'code 1'],
  ['four workers', 4, 'SIGKILL', 'SIGKILL'],
] as const)('a job that kills its process each time it runs, and %s', (_, workers, dies, how) => {
  let played: Awaited<ReturnType<typeof play>>;

  beforeAll(async () => {
    played = await play(workers, dies);
  });

  test(`ends as poison after ${DEATHS} deaths, of which it spent no more than one attempt`, () => {
    const { killer, journal } = played;
    expect(deathsIn(journal).map((death) => [death.by, death.how])).toEqual(
      Array.from({ length: DEATHS }, () => ['itself', how]),
    );
    const begun = journal.filter((line) => line.kind === 'began' && line.jobId === killerId);
    expect(begun).toHaveLength(DEATHS);
    expect(killer).toMatchObject({
      status: 'failed',
      failure: { reason: 'poison' },
      attempts: 1,
      crashes: DEATHS,
    });
    expect(killer?.history.filter(({ outcome }) => outcome === 'crashed')).toHaveLength(DEATHS);
  });

  test('takes its neighbours along once at most, and all of them are sent', () => {
    const { innocents, rows, journal } = played;
    expect(innocents).toHaveLength(INNOCENTS);
    expect(new Set(innocents.map(({ status }) => status))).toEqual(new Set(['sent']));
    const crashes = innocents.map(
      ({ history }) => history.filter(({ outcome }) => outcome === 'crashed').length,
    );
    expect(Math.max(...crashes)).toBe(1);
    const taken = crashes.filter((count) => count > 0).length;
    expect(taken).toBeLessThan(SETTINGS.concurrency);
    expect(judgeDuplicates({ rows, journal }).unexplained).toEqual([]);
    expect(new Set(innocents.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    process.stdout.write(`${workers} workers: ${taken} neighbours taken along, once each\n`);
  });
});
