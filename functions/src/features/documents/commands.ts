import { z } from 'zod';
import { commandsFor, entityId } from '#events';
import { CodedError, SERVER_TIME } from '#kernel';
import {
  contentType,
  documentPath,
  fileName,
  isStoragePath,
  sizeBytes,
  storagePrefix,
} from './document.ts';
import type { DocumentEvent } from './events.ts';

/** Records a file that was uploaded for a matter. The file itself is not looked at. */
export const uploadDocument = commandsFor<DocumentEvent>()({
  name: 'uploadDocument',
  input: z.strictObject({
    orgId: entityId,
    matterId: entityId,
    name: fileName,
    contentType,
    sizeBytes,
    storagePath: z.string(),
  }),
  run: async ({ tx, access, caller, newId, emit }, input) => {
    const { orgId, matterId, storagePath, ...file } = input;
    await access.requireMatter(tx, input, caller.uid);
    requireStoragePath(storagePath, orgId, matterId);
    const documentId = newId('document');
    const headPath = documentPath(matterId, documentId);
    tx.create(headPath, {
      orgId,
      matterId,
      documentId,
      ...file,
      storagePath,
      uploadedBy: caller.uid,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    await emit({
      orgId,
      matterId,
      eventType: 'document.uploaded',
      entityType: 'document',
      entityId: documentId,
      payload: { matterId, ...file },
      stream: { expectedVersion: 0, headPath },
    });
    return { documentId, version: 1 };
  },
});

function requireStoragePath(storagePath: string, orgId: string, matterId: string): void {
  if (isStoragePath(storagePath, orgId, matterId)) return;
  const message = `expected a path below ${storagePrefix(orgId, matterId)}`;
  throw new CodedError('invalid-input', 'uploadDocument cannot be called like this', [
    { path: 'storagePath', message },
  ]);
}
