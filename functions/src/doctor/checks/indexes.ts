import type { Finding } from '../finding.ts';

interface IndexField {
  readonly fieldPath: string;
  readonly order?: string | undefined;
  readonly arrayConfig?: string | undefined;
}

/** What the queries of this code need: what `firestore.indexes.json` declares. */
export interface NeededIndexes {
  readonly indexes: readonly {
    readonly collection: string;
    readonly scope: string;
    readonly fields: readonly IndexField[];
  }[];
  readonly fields: readonly {
    readonly collection: string;
    readonly path: string;
    /** Where the field alone is indexed; nowhere: it is exempt. */
    readonly scopes: readonly string[];
    readonly hasTtl: boolean;
  }[];
}

/** What the database has. */
export interface DeployedIndexes {
  readonly indexes: readonly (NeededIndexes['indexes'][number] & { readonly state: string })[];
  /** Fields that are not as by default; `ttl`: the state of their policy, where they have one. */
  readonly fields: readonly {
    readonly collection: string;
    readonly path: string;
    readonly scopes: readonly string[];
    readonly ttl?: string | undefined;
  }[];
}

const DEPLOY = 'Deploy them: firebase deploy --only firestore:indexes';
const WAIT = 'It is being built: wait, and ask again.';
const AGAIN = 'Building it failed. Delete it in the console, and deploy it again.';

/** Queries without their index, which fail; and fields that are indexed though that slows every write. */
export function judgeIndexes(needed: NeededIndexes, deployed: DeployedIndexes): Finding[] {
  const states = new Map(deployed.indexes.map((index) => [textOf(index), index.state]));
  const missing = needed.indexes.flatMap((index) => {
    const where = textOf(index);
    const state = states.get(where);
    if (state === 'READY') return [];
    return state === undefined ? [absentIndex(where)] : [unreadyIndex(where, state)];
  });
  const scopes = new Map(deployed.fields.map((field) => [nameOf(field), field.scopes]));
  const exempt = needed.fields.filter((field) => field.scopes.length === 0).map(nameOf);
  const indexed = exempt.filter((name) => scopes.get(name)?.length !== 0);
  const partly = needed.fields
    .filter((field) =>
      field.scopes.some((scope) => scopes.get(nameOf(field))?.includes(scope) !== true),
    )
    .map(nameOf);
  return [...missing, ...partly.map(absentIndex), ...indexed.map(notExempt)];
}

/** Policies that are missing, so that rows stay for ever, and others, which delete what nobody meant. */
export function judgeTtl(needed: NeededIndexes, deployed: DeployedIndexes): Finding[] {
  const states = new Map(
    deployed.fields.flatMap((field) =>
      field.ttl === undefined ? [] : [[nameOf(field), field.ttl]],
    ),
  );
  const wanted = needed.fields.filter(({ hasTtl }) => hasTtl).map(nameOf);
  const missing = wanted
    .filter((name) => states.get(name) !== 'ACTIVE')
    .map((name) => missingTtl(name, states.get(name)));
  const others = [...states.keys()].filter((name) => !wanted.includes(name));
  return [...missing, ...others.map(foreignTtl)];
}

function absentIndex(where: string): Finding {
  const what = 'A query of this code has no index: it fails whenever it is made.';
  return { code: 'index-missing', severity: 'error', what, where, whatToDo: DEPLOY };
}

function unreadyIndex(where: string, state: string): Finding {
  const what = `An index that a query needs is not ready: ${state}.`;
  const whatToDo = state === 'CREATING' ? WAIT : AGAIN;
  return { code: 'index-not-ready', severity: 'error', what, where, whatToDo };
}

function notExempt(where: string): Finding {
  const what =
    'A field is indexed by itself that should not be: a rising one caps its collection at about 500 writes a second.';
  return { code: 'field-indexed', severity: 'warning', what, where, whatToDo: DEPLOY };
}

function missingTtl(where: string, state: string | undefined): Finding {
  const what =
    state === undefined
      ? 'A time-to-live policy is missing: documents stay for ever.'
      : `A time-to-live policy is not active: ${state}.`;
  const whatToDo = state === undefined ? DEPLOY : state === 'CREATING' ? WAIT : AGAIN;
  return { code: 'ttl-missing', severity: 'warning', what, where, whatToDo };
}

function foreignTtl(where: string): Finding {
  const what =
    'A time-to-live policy deletes documents by a field that this code does not mean for it.';
  const whatToDo = 'Unless somebody added it on purpose, delete it: Firestore, Time-to-live.';
  return { code: 'ttl-unknown', severity: 'warning', what, where, whatToDo };
}

function nameOf(field: { readonly collection: string; readonly path: string }): string {
  return `${field.collection}.${field.path}`;
}

/** `outbox (slot ↑, nextAttemptAt ↑)`. */
function textOf({ collection, scope, fields }: NeededIndexes['indexes'][number]): string {
  const written = fields.map(({ fieldPath, order }) =>
    order === undefined ? `${fieldPath} ∋` : `${fieldPath} ${order === 'DESCENDING' ? '↓' : '↑'}`,
  );
  const reach = scope === 'COLLECTION_GROUP' ? ', all of that name' : '';
  return `${collection} (${written.join(', ')})${reach}`;
}
