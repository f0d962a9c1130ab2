import { readFileSync } from 'node:fs';
import type { EventContract } from '../../functions/src/composition/describe.ts';
import { schemaFile, toJson } from './schema-file.ts';

const id = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,128}$' };
const text = { type: 'string' };

/** What an event says besides its payload; see `docs/reference/data.md`. */
const headers = {
  type: 'object',
  properties: {
    eventId: text,
    orgId: id,
    eventType: text,
    schemaVersion: { type: 'integer', minimum: 1 },
    entityType: text,
    entityId: id,
    streamVersion: { type: 'integer', minimum: 1 },
    matterId: id,
    timestamp: { type: 'string', format: 'date-time' },
    correlationId: text,
    causationId: text,
  },
  required: ['eventId', 'orgId', 'eventType', 'schemaVersion', 'entityType', 'entityId'],
};

/** `docs/reference/asyncapi.json`: all events in AsyncAPI 3, by the schemas beside it. */
export function renderAsyncApi(events: readonly EventContract[]): string {
  const channel = { $ref: '#/channels/domain_events' };
  return toJson({
    asyncapi: '3.1.0',
    info: {
      title: 'Firestore Outbox',
      version: projectVersion(),
      description: 'Every event that this backend records and hands on, each once or more.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      domain_events: {
        address: 'domain_events',
        description: 'The event log. The events of one entity come in the order of streamVersion.',
        messages: Object.fromEntries(
          events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
      },
    },
    operations: {
      publishEvents: {
        action: 'send',
        summary: 'What subscribers are given.',
        channel,
        messages: names(events),
      },
      recordExternalEvents: {
        action: 'receive',
        summary: 'What producers outside this backend may send.',
        channel,
        messages: names(events.filter(({ external }) => external)),
      },
    },
    components: {
      schemas: { headers },
      messages: Object.fromEntries(events.map((event) => [event.type, messageOf(event)])),
    },
  });
}

function names(events: readonly EventContract[]): { readonly $ref: string }[] {
  return events.map(({ type }) => ({ $ref: `#/channels/domain_events/messages/${type}` }));
}

function messageOf({ slice, type, version, description, example }: EventContract) {
  return {
    name: type,
    title: `${type}, version ${version}`,
    summary: description,
    tags: [{ name: slice }],
    headers: { $ref: '#/components/schemas/headers' },
    payload: { $ref: `./schemas/${schemaFile(type, version)}` },
    examples: [{ payload: example }],
  };
}

function projectVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
