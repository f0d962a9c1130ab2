import type { Bucket, StorageOptions } from '@google-cloud/storage';
import type { ArchiveStorage } from '../archive/storage.ts';

const NOT_FOUND = 404;
const PRECONDITION_FAILED = 412;
/** What a file that is not there yet has for its generation. */
const NO_GENERATION = 0;

/** Files in a bucket of Cloud Storage, which has to be there. Its client is loaded at the first use. */
export function createCloudStorage(
  bucketName: string,
  options: StorageOptions = {},
): ArchiveStorage {
  let opened: Promise<Bucket> | undefined;
  const bucket = (): Promise<Bucket> => {
    opened ??= openBucket(bucketName, options);
    return opened;
  };
  return {
    put: async (path, bytes) => {
      try {
        await (await bucket()).file(path).save(Buffer.from(bytes), {
          preconditionOpts: { ifGenerationMatch: NO_GENERATION },
          resumable: false,
          validation: 'crc32c',
        });
        return 'written';
      } catch (error) {
        if (statusOf(error) === PRECONDITION_FAILED) return 'there-already';
        throw error;
      }
    },
    get: async (path) => {
      try {
        const [bytes] = await (await bucket()).file(path).download({ validation: 'crc32c' });
        return bytes;
      } catch (error) {
        if (statusOf(error) === NOT_FOUND) return undefined;
        throw error;
      }
    },
    list: async ({ prefix, after, limit }) => {
      // The offset itself is among what is found.
      const [files] = await (
        await bucket()
      ).getFiles({
        prefix,
        ...(after === undefined ? {} : { startOffset: after }),
        maxResults: limit + 1,
        autoPaginate: false,
      });
      const paths = files.map(({ name }) => name).filter((name) => name !== after);
      return paths.slice(0, limit);
    },
    folders: async (prefix) => foldersIn(await bucket(), prefix),
  };
}

async function foldersIn(bucket: Bucket, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const asked = { prefix, delimiter: '/', autoPaginate: false };
    const [, next, answer] = await bucket.getFiles({
      ...asked,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    const { prefixes = [] } = answer as { readonly prefixes?: readonly string[] };
    names.push(...prefixes.map((path) => path.slice(prefix.length, -1)));
    pageToken = (next as { readonly pageToken?: string } | null)?.pageToken;
  } while (pageToken !== undefined);
  return names;
}

async function openBucket(name: string, options: StorageOptions): Promise<Bucket> {
  const { Storage } = await import('@google-cloud/storage');
  return new Storage(options).bucket(name);
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return Number(error.code);
}
