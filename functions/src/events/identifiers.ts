import { z } from 'zod';
import { ENTITY_ID_RULE, isEntityId, isTypeName, TYPE_NAME_RULE } from '#kernel';

/** A valid orgId, uid, entityId or matterId. */
export const entityId = z.string().refine(isEntityId, `expected ${ENTITY_ID_RULE}`);

/** A valid event type, job type or entity type. */
export const typeName = z.string().refine(isTypeName, `expected ${TYPE_NAME_RULE}`);
