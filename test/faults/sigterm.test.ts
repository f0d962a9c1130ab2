import { expect, test } from '@jest/globals';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { waitFor } from '../../tools/local/wait-for.ts';
import { countOpen, emitJobs, readRows } from './database.ts';
import { toPlan } from './load.ts';
import { DEPLOYED, openScene } from './scene.ts';

const JOBS = 200;
const BEGUN_FIRST = 30;
/** A lease that is not given back keeps its job for six seconds. */
const SPEED = 10;
const PATIENCE_MS = 60_000;

const firestore = openEmulatorFirestore();

test('a process that is told to end ends what it began, and holds nothing back', async () => {
  const { fleet, journal, folder } = await openScene(firestore, {
    name: 'sigterm',
    settings: DEPLOYED,
    speed: SPEED,
  });
  const jobs = Array.from({ length: JOBS }, (_, n) =>
    toPlan({ jobType: 'mail', orgId: `org${n}`, causeId: `event${n}` }),
  );
  await emitJobs(
    firestore,
    jobs.map(({ job }) => job),
    DEPLOYED.slots,
  );
  fleet.start(1);
  const begun = () => journal.read().filter(({ kind }) => kind === 'began').length;
  await waitFor(
    async () => begun(),
    (count) => count >= BEGUN_FIRST,
    {
      what: `jobs to be begun; see ${folder}`,
      timeoutMs: PATIENCE_MS,
      pollMs: 5,
    },
  );

  expect(await fleet.terminate(0)).toBe(0);
  const rows = [...(await readRows(firestore)).values()];
  await waitFor(
    () => countOpen(firestore),
    (open) => open === 0,
    {
      what: `the next process to do the rest; see ${folder}`,
      timeoutMs: PATIENCE_MS,
    },
  );
  await fleet.stop();

  const started = new Set(rows.filter(({ runs }) => runs > 0).map(({ id }) => id));
  const sent = rows.filter(({ status }) => status === 'sent');
  // It stopped in the middle: some were sent, and many never begun.
  expect(sent.length).toBeGreaterThanOrEqual(BEGUN_FIRST - DEPLOYED.concurrency);
  expect(sent.length).toBeLessThan(JOBS);
  expect(started.size).toBeLessThan(JOBS);
  const open = rows.filter(({ status }) => status !== 'sent');
  expect(new Set(open.map(({ status, attempts }) => `${status} ${attempts}`))).toEqual(
    new Set(['pending 0']),
  );
  const ended = [...(await readRows(firestore)).values()];
  expect(new Set(ended.map(({ status, crashes }) => `${status} ${crashes}`))).toEqual(
    new Set(['sent 0']),
  );
  expect(begun()).toBe(JOBS);
});
