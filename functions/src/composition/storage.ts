import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveStorage } from '#events';
import { createLocalDirectory } from '#events';
import { createCloudStorage } from '#events/firestore';
import { CodedError, systemIds } from '#kernel';

/**
 * The bucket of this name. Without one, on the emulator alone, a folder for temporary files: on a deployed function that
 * would be gone with the instance, so there it throws `invalid-setting`.
 */
export function storageIn(bucket: string): ArchiveStorage {
  if (bucket !== '') return createCloudStorage(bucket);
  if (process.env['FIRESTORE_EMULATOR_HOST'] !== undefined) {
    const project = process.env['GCLOUD_PROJECT'] ?? 'local';
    return createLocalDirectory(join(tmpdir(), 'firestore-outbox-archive', project), systemIds);
  }
  throw new CodedError('invalid-setting', 'A setting of this deployment is wrong', [
    { path: 'ARCHIVE_BUCKET', message: 'expected the name of a bucket, to keep what is archived' },
  ]);
}
