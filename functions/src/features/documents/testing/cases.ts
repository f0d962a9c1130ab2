import type { CommandCase } from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import {
  inAnotherOrganization,
  malformed,
  refusedToOutsiders,
} from '../../../composition/testing/refusals.ts';

const FILE = { name: 'contract.pdf', contentType: 'application/pdf', sizeBytes: 48_213 };
const pathIn = (orgId: string, matterId: string) =>
  `orgs/${orgId}/matters/${matterId}/documents/u1/contract.pdf`;

const uploadDocument: CommandCase = {
  by: 'cleo',
  input: ({ orgId, matterId }) => ({
    orgId,
    matterId,
    ...FILE,
    storagePath: pathIn(orgId, matterId),
  }),
  otherwise: { sizeBytes: 48_214 },
  outcome: ({ orgId, matterId }, { documentId }) => ({
    result: { documentId: NEW_ID, version: 1 },
    orgId,
    events: [
      {
        eventType: 'document.uploaded',
        entityType: 'document',
        entityId: String(documentId),
        streamVersion: 1,
        matterId,
        payload: { matterId, ...FILE },
      },
    ],
    documents: {
      [`matters/${matterId}/documents/${String(documentId)}`]: {
        orgId,
        matterId,
        documentId,
        ...FILE,
        storagePath: pathIn(orgId, matterId),
        uploadedBy: 'cleo',
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(1),
      },
    },
  }),
  refusals: [
    ...refusedToOutsiders,
    inAnotherOrganization,
    {
      why: 'under another organization of one’s own',
      by: 'zoe',
      code: 'not-found',
      said: ({ otherOrgId: orgId, matterId }) => ({ orgId, storagePath: pathIn(orgId, matterId) }),
    },
    { why: 'in no matter', code: 'permission-denied', said: () => ({ matterId: 'none' }) },
    {
      why: 'with a file of another organization',
      code: 'invalid-input',
      said: ({ otherOrgId, matterId }) => ({ storagePath: pathIn(otherOrgId, matterId) }),
      paths: ['storagePath'],
    },
    {
      why: 'with a file of another matter',
      code: 'invalid-input',
      said: ({ orgId }) => ({ storagePath: pathIn(orgId, 'another') }),
      paths: ['storagePath'],
    },
    malformed('no path', { storagePath: '' }, ['storagePath']),
    malformed('a name that is a path', { name: '../contract.pdf' }, ['name']),
    malformed('no name', { name: ' ' }, ['name']),
    malformed('a content type of one word', { contentType: 'pdf' }, ['contentType']),
    malformed('a size below nothing', { sizeBytes: -1 }, ['sizeBytes']),
    malformed('half a byte', { sizeBytes: 0.5 }, ['sizeBytes']),
  ],
};

export const documentCases = { uploadDocument };
