import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { openEmulatorFirestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { writeLongLog } from './long-log.ts';
import type { Verified } from './verifier.ts';

const SIZE = { streams: 450, eventsPerStream: 100, plain: 5_000 };
const EVENTS = SIZE.streams * SIZE.eventsPerStream + SIZE.plain;
const MOST_MEBIBYTES = 256;
/** How an instance of 256 MiB is started: what is not heap is code and buffers. */
const HEAP = ['--max-old-space-size=128', '--max-semi-space-size=4'];
const VERIFIER = join(import.meta.dirname, 'verifier.ts');

const firestore = openEmulatorFirestore();
const run = promisify(execFile);

/** Verifies the log in a process of its own, whose memory is then its own as well. */
async function verify(): Promise<Verified> {
  const startMs = performance.now();
  const flags = ['--disable-warning=ExperimentalWarning', ...HEAP];
  const { stdout } = await run(process.execPath, [...flags, VERIFIER], { env: process.env });
  const verified = JSON.parse(stdout) as Verified;
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  process.stdout.write(
    `${verified.events} events verified in ${seconds} s, with at most ` +
      `${Math.round(verified.peakMebibytes)} MiB and a state of ${verified.stateBytes} bytes\n`,
  );
  return verified;
}

describe(`a log of ${EVENTS} events`, () => {
  let verified: Verified;

  beforeAll(async () => {
    await clearFirestore(firestore);
    await writeLongLog(SIZE);
    const { docs } = await firestore.collection('domain_events').limit(1_000).get();
    const [changed, gone] = docs.filter(({ id }) => id.endsWith('-000000050'));
    await changed?.ref.update({ 'payload.any': 'changed' });
    await gone?.ref.delete();
    verified = await verify();
  }, 300_000);

  test('is verified to its end: one that was changed and one that is gone are found, and no more', () => {
    const counts = { 'content-hash': 1, 'version-gap': 1 };
    expect(verified).toMatchObject({ events: EVENTS - 1, counts });
  });

  test('needs less than 256 MiB, and a state that a document can keep', () => {
    expect(verified.peakMebibytes).toBeLessThan(MOST_MEBIBYTES);
    expect(verified.stateBytes).toBeGreaterThan(1_000);
    expect(verified.stateBytes).toBeLessThan(100_000);
  });
});
