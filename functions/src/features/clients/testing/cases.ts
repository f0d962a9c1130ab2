import type { CommandCase } from '../../../composition/testing/command-case.ts';
import { headAt, NEW_ID, TIME } from '../../../composition/testing/expected.ts';
import {
  inAnotherOrganization,
  malformed,
  refusedTo,
} from '../../../composition/testing/refusals.ts';

const createClient: CommandCase = {
  by: 'eve',
  input: ({ orgId }) => ({ orgId, name: ' Doe & Sons ', email: 'doe@example.test' }),
  otherwise: { email: 'sons@example.test' },
  outcome: ({ orgId }, { clientId }) => ({
    result: { clientId: NEW_ID, version: 1 },
    orgId,
    events: [
      {
        eventType: 'client.created',
        entityType: 'client',
        entityId: String(clientId),
        streamVersion: 1,
        // The address is in no event.
        payload: { name: 'Doe & Sons' },
      },
    ],
    documents: {
      [`clients/${String(clientId)}`]: {
        orgId,
        clientId,
        name: 'Doe & Sons',
        email: 'doe@example.test',
        createdBy: 'eve',
        createdAt: TIME,
        updatedAt: TIME,
        stream: headAt(1),
      },
    },
  }),
  refusals: [
    ...['finn', 'zoe', 'joe'].map(refusedTo),
    inAnotherOrganization,
    { why: 'in none', code: 'permission-denied', said: () => ({ orgId: 'nowhere' }) },
    malformed('an empty name', { name: ' ' }, ['name']),
    malformed('a name of 201 characters', { name: 'x'.repeat(201) }, ['name']),
    malformed('no e-mail address', { email: 'doe' }, ['email']),
    malformed('an e-mail address too long', { email: `${'x'.repeat(320)}@example.test` }, [
      'email',
    ]),
  ],
};

export const clientCases = { createClient };
