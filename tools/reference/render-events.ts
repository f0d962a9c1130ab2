import type { EventContract, JobContract } from '../../functions/src/composition/describe.ts';
import { subscribersOf } from './render-jobs.ts';
import type { Schema } from './render.ts';
import { GENERATED, renderFields } from './render.ts';
import { schemaFile } from './schema-file.ts';

/** `docs/reference/events.md` */
export function renderEvents(
  events: readonly EventContract[],
  jobs: readonly JobContract[],
): string {
  const bySlice = [...Map.groupBy(events, ({ slice }) => slice)];
  return [
    GENERATED,
    '# Events',
    [
      'Every type of event this backend knows, by the feature that owns it. What an event consists of besides its',
      'payload: [data](data.md). The schemas as JSON Schema: [schemas](schemas), as an AsyncAPI document:',
      '[asyncapi.json](asyncapi.json). An _external_ type may be sent by [producers](http-api.md#who-calls) outside this backend. An alias',
      'is taken where events are emitted; what is stored is the type. Times are texts in JSON (ISO 8601).',
    ].join('\n'),
    bySlice.map(([slice, own]) => `- ${slice}: ${own.map(linkTo).join(', ')}`).join('\n'),
    ...bySlice.flatMap(([slice, own]) => [
      `## ${slice}`,
      ...own.flatMap((event) => renderEvent(event, jobs)),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** To its heading, whose anchor has no dots. */
function linkTo({ type }: EventContract): string {
  return `[\`${type}\`](#${type.replaceAll('.', '')})`;
}

function renderEvent(event: EventContract, jobs: readonly JobContract[]): string[] {
  const { type, version, external, aliases, description, example, payload } = event;
  const subscribers = subscribersOf(type, jobs);
  const about = [
    `Version ${version} ([schema](schemas/${schemaFile(type, version)}))`,
    ...(external ? ['external'] : []),
    ...(aliases.length === 0 ? [] : [`alias ${inCode(aliases)}`]),
    subscribers.length === 0 ? 'nobody subscribes' : `given to ${inCode(subscribers)}`,
  ];
  return [
    `### \`${type}\``,
    `${description} ${about.join(' · ')}.`,
    renderFields(payload as Schema),
    ['```json', JSON.stringify(example), '```'].join('\n'),
  ];
}

function inCode(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
