import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ArchiveStorage } from '../archive/storage.ts';
import type { FakeGcs } from '../../../../test/servers/start-fake-gcs.ts';
import { startFakeGcs, whyNoFakeGcs } from '../../../../test/servers/start-fake-gcs.ts';
import { describeStorage } from '../testing/storage-contract.ts';
import { createCloudStorage } from './cloud-storage.ts';

const BUCKET = 'archive-of-tests';
/** Of a machine that has never built the server. */
const BUILD_TIMEOUT_MS = 600_000;

const missing = whyNoFakeGcs();
if (missing !== undefined && process.env['REQUIRE_TEST_SERVERS'] === '1') throw new Error(missing);
const describeIfThere = missing === undefined ? describe : describe.skip;
if (missing !== undefined) process.stdout.write(`Cloud Storage was not tested: ${missing}.\n`);

describeIfThere('Cloud Storage', () => {
  let server: FakeGcs;
  let storage: ArchiveStorage;
  const open = (bucket: string): ArchiveStorage =>
    createCloudStorage(bucket, { projectId: 'tests', apiEndpoint: server.apiEndpoint });

  beforeAll(async () => {
    process.env['METADATA_SERVER_DETECTION'] = 'none';
    server = await startFakeGcs(BUCKET);
    storage = open(BUCKET);
  }, BUILD_TIMEOUT_MS);

  afterAll(() => server.stop());

  describeStorage('a bucket', () => storage);

  test('a bucket that is not there is an error, for reading too where it is written', async () => {
    await expect(open('not-there').put('a', Buffer.from('x'))).rejects.toMatchObject({ code: 404 });
    await expect(open('not-there').list({ prefix: 'a/', limit: 1 })).rejects.toMatchObject({
      code: 404,
    });
  });
});
