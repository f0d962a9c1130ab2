import { z } from 'zod';
import type { Seen } from '../finding.ts';
import type { DeployedIndexes } from '../checks/indexes.ts';
import type { GoogleApi } from './google-api.ts';

const HOST = 'firestore.googleapis.com';
/** Sees indexes and fields, and changes nothing. */
const ROLE = 'roles/datastore.viewer';

/** See https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.indexes. */
const indexSchema = z.object({
  name: z.string(),
  queryScope: z.string().optional(),
  state: z.string().optional(),
  fields: z.array(
    z.object({
      fieldPath: z.string(),
      order: z.string().optional(),
      arrayConfig: z.string().optional(),
    }),
  ),
});

/** See https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.fields. */
const fieldSchema = z.object({
  name: z.string(),
  indexConfig: z
    .object({ indexes: z.array(z.object({ queryScope: z.string().optional() })).optional() })
    .optional(),
  ttlConfig: z.object({ state: z.string().optional() }).optional(),
});

/** The indexes and the fields of a database that are not as by default. */
export async function gatherIndexes(
  google: GoogleApi,
  { projectId, databaseId }: { readonly projectId: string; readonly databaseId: string },
  signal: AbortSignal,
): Promise<Seen<DeployedIndexes>> {
  const database = ['projects', projectId, 'databases', databaseId].join('/');
  const all = `/v1/${[database, 'collectionGroups', '-'].join('/')}`;
  const asked = { host: HOST, role: ROLE };
  // Only what is not as by default can be listed, and only by this filter.
  const filter = encodeURIComponent('indexConfig.usesAncestorConfig=false OR ttlConfig:*');
  const [indexes, fields] = await Promise.all([
    google.list(
      { ...asked, path: [all, 'indexes'].join('/'), items: 'indexes', schema: indexSchema },
      signal,
    ),
    google.list(
      {
        ...asked,
        path: [all, `fields?filter=${filter}`].join('/'),
        items: 'fields',
        schema: fieldSchema,
      },
      signal,
    ),
  ]);
  if (indexes.kind === 'unseen') return indexes;
  if (fields.kind === 'unseen') return fields;
  return {
    kind: 'seen',
    facts: { indexes: indexes.facts.map(readIndex), fields: fields.facts.flatMap(readField) },
  };
}

function readIndex(index: z.output<typeof indexSchema>): DeployedIndexes['indexes'][number] {
  const { name, queryScope = '', state = 'STATE_UNSPECIFIED', fields } = index;
  const collection = partAfter('collectionGroups', name);
  // Every index ends in the document's id, in the order of the field before: nobody declares that.
  const declared = fields.filter(({ fieldPath }) => fieldPath !== '__name__');
  return { collection, scope: queryScope, state, fields: declared };
}

function readField(field: z.output<typeof fieldSchema>): DeployedIndexes['fields'][number][] {
  const collection = partAfter('collectionGroups', field.name);
  // What all fields have that nobody said anything of.
  if (collection === '__default__') return [];
  const path = field.name.split('/').slice(7).join('/').replaceAll('`', '');
  const scopes = (field.indexConfig?.indexes ?? []).map(({ queryScope = '' }) => queryScope);
  const ttl = field.ttlConfig && (field.ttlConfig.state ?? 'STATE_UNSPECIFIED');
  return [{ collection, path, scopes, ttl }];
}

/** `outbox` of `…/collectionGroups/outbox/indexes/1`. */
function partAfter(part: string, name: string): string {
  const parts = name.split('/');
  return parts[parts.indexOf(part) + 1] ?? '';
}
