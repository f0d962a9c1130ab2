import { readdirSync, readFileSync } from 'node:fs';
import { catalog } from '../../functions/src/composition/catalog.ts';
import type { DomainEvent, Catalog } from '../../functions/src/events/index.ts';
import { messageOf } from '../../functions/src/kernel/index.ts';
import type { JsonSchema } from './compatibility.ts';
import { breakingChanges } from './compatibility.ts';
import { referencePages, SUBSCRIPTIONS } from './pages.ts';
import { idsIn } from './render-jobs.ts';
import { readSchemaFile, schemaFile, SCHEMAS } from './schema-file.ts';

const root = new URL('../../', import.meta.url);

/** What is published, and what the code would publish now. Files by their path in the repository. */
export interface Publication {
  readonly published: ReadonlyMap<string, string>;
  readonly current: ReadonlyMap<string, string>;
  readonly catalog: Catalog;
}

/** The committed files that others rely on: the schemas, and the ids that jobs are stored under. */
export function readPublication(): Publication {
  const paths = [
    ...readdirSync(new URL(SCHEMAS, root)).map((name) => SCHEMAS + name),
    SUBSCRIPTIONS,
  ];
  const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
  const published = new Map(paths.map((path) => [path, read(path)]));
  return { published, current: referencePages(), catalog };
}

/** Everything that would break those who rely on what is published, and what to do about it. */
export function brokenPromises(publication: Publication): string[] {
  const { published, current } = publication;
  const schemas = [...published.keys()].filter((path) => path.startsWith(SCHEMAS));
  const was = idsIn(published.get(SUBSCRIPTIONS) ?? '');
  const is = idsIn(current.get(SUBSCRIPTIONS) ?? '');
  return [
    ...schemas.flatMap((path) => brokenSchema(path, publication)),
    ...missingVersions(publication),
    ...was.filter((id) => !is.includes(id)).map(renamed),
  ];
}

function renamed(id: string): string {
  return (
    `The subscription ${id} is gone. Its id is stored in every job as jobType: renaming or removing it is a ` +
    'migration. Until no job has it, keep it (jobs without a subscription are dead letters after 24 h); then ' +
    `delete its row in ${SUBSCRIPTIONS} by hand.`
  );
}

function brokenSchema(path: string, { published, current, catalog: types }: Publication): string[] {
  const { type, version } = readSchemaFile(path.slice(SCHEMAS.length)) ?? {
    type: path,
    version: 0,
  };
  const definition = types.get(type);
  const schema = JSON.parse(published.get(path) ?? '') as JsonSchema;
  if (definition?.type !== type || version > definition.version) {
    return [
      `${path} is published: keep its type and version in the catalog. Stored events have it.`,
    ];
  }
  if (version < definition.version) return notUpcast(type, version, schema, types);
  const now = JSON.parse(current.get(path) ?? '{}') as JsonSchema;
  const next = version + 1;
  const remedy =
    `Version ${version} is published and stays as it is: declare version ${next} with ` +
    `upcast: { ${version}: (payload) => … } and keep ${path}.`;
  return breakingChanges(schema, now, 'payload').map((change) => `${type}: ${change}. ${remedy}`);
}

/** What is stored at an older version is read by upcasters; its published example shows whether it can be. */
function notUpcast(type: string, version: number, schema: JsonSchema, types: Catalog): string[] {
  const [example] = (schema['examples'] ?? []) as readonly unknown[];
  const payload = withTimes(schema, example);
  const stored = { eventType: type, schemaVersion: version, payload } as Partial<DomainEvent>;
  try {
    types.atNewest(stored as DomainEvent);
    return [];
  } catch (error) {
    return [`The example of ${schemaFile(type, version)}: ${messageOf(error)}. Mend the upcaster.`];
  }
}

/** Texts that are times in JSON, as the times that are stored. */
function withTimes(schema: unknown, value: unknown): unknown {
  const { format, properties, items } = (schema ?? {}) as JsonSchema;
  if (format === 'date-time' && typeof value === 'string') return new Date(value);
  if (Array.isArray(value)) return value.map((item) => withTimes(items, item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = (properties ?? {}) as JsonSchema;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, withTimes(fields[name], field)]),
  );
}

function missingVersions({ published, current }: Publication): string[] {
  const newest = [...current.keys()].filter((path) => path.startsWith(SCHEMAS));
  return newest.flatMap((path) => {
    const { type, version } = readSchemaFile(path.slice(SCHEMAS.length)) ?? {
      type: '',
      version: 0,
    };
    const before = Array.from({ length: version - 1 }, (_, index) => schemaFile(type, index + 1));
    const missing = before.filter((name) => !published.has(SCHEMAS + name));
    return missing.map(
      (name) => `${SCHEMAS}${name} is missing: what was published is never deleted.`,
    );
  });
}
