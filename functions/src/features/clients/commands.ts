import { z } from 'zod';
import { commandsFor, entityId } from '#events';
import { SERVER_TIME } from '#kernel';
import { clientPath } from './client.ts';
import type { ClientEvent } from './events.ts';

/** A member of the organization takes a client on. */
export const createClient = commandsFor<ClientEvent>()({
  name: 'createClient',
  input: z.strictObject({
    orgId: entityId,
    name: z.string().trim().min(1).max(200),
    email: z.email().max(320),
  }),
  run: async ({ tx, access, caller, newId, emit }, { orgId, name, email }) => {
    await access.requireMember(tx, orgId, caller.uid);
    const clientId = newId('client');
    const headPath = clientPath(clientId);
    tx.create(headPath, {
      orgId,
      clientId,
      name,
      email,
      createdBy: caller.uid,
      createdAt: SERVER_TIME,
      updatedAt: SERVER_TIME,
    });
    // The address is on the document alone: an event is for ever, and goes to other systems.
    await emit({
      orgId,
      eventType: 'client.created',
      entityType: 'client',
      entityId: clientId,
      payload: { name },
      stream: { expectedVersion: 0, headPath },
    });
    return { clientId, version: 1 };
  },
});
