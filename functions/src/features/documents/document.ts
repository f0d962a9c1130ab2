import { z } from 'zod';

export function documentPath(matterId: string, documentId: string): string {
  return `matters/${matterId}/documents/${documentId}`;
}

/** Where the files of a matter are kept: nobody's path leads out of their own matter. */
export function storagePrefix(orgId: string, matterId: string): string {
  return `orgs/${orgId}/matters/${matterId}/documents/`;
}

/** Cloud Storage's own bound of an object's name. */
const MAX_PATH_BYTES = 1_024;
/** Cloud Storage's own bound of an object: 5 TiB. */
const MAX_SIZE_BYTES = 5 * 2 ** 40;
/** A media type as RFC 6838 has it, without parameters; they are compared in lower case. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** A file's name: one step of a path, of one line. */
export const fileName = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .refine((name) => !/[/\\\n\t]/.test(name), 'expected a name without slashes and line breaks')
  .refine((name) => name !== '.' && name !== '..', 'expected a name');

export const contentType = z
  .string()
  .refine((type) => MEDIA_TYPE.test(type), 'expected a media type such as application/pdf');

export const sizeBytes = z.int().nonnegative().max(MAX_SIZE_BYTES);

/** Whether an object of this name is one of the matter's files, and its name one that Storage takes. */
export function isStoragePath(path: string, orgId: string, matterId: string): boolean {
  const prefix = storagePrefix(orgId, matterId);
  if (!path.startsWith(prefix) || Buffer.byteLength(path) > MAX_PATH_BYTES) return false;
  const steps = path.slice(prefix.length).split('/');
  return steps.every((step) => /^[^\\\n\t]+$/.test(step) && step !== '.' && step !== '..');
}
