import { openApiDocument } from '../../functions/src/api/openapi.ts';
import { describeContracts } from '../../functions/src/composition/describe.ts';
import { renderAsyncApi } from './asyncapi.ts';
import { renderClientContracts } from './client-contracts.ts';
import { readCodeFacts } from './code-facts.ts';
import { renderCli } from './render-cli.ts';
import { renderEvents } from './render-events.ts';
import { renderSubscriptions } from './render-jobs.ts';
import type { CommandEntry } from './render.ts';
import { renderCallables } from './render.ts';
import { renderSchema, schemaFile, SCHEMAS, toJson } from './schema-file.ts';

const CLI = 'docs/reference/cli.md';
export const SUBSCRIPTIONS = 'docs/reference/subscriptions.md';

/** The generated files of the reference, by their path in the repository. */
export function referencePages(): ReadonlyMap<string, string> {
  const { events, jobs, commands } = describeContracts();
  return new Map([
    ['docs/reference/events.md', renderEvents(events, jobs)],
    [SUBSCRIPTIONS, renderSubscriptions(jobs, events)],
    ['docs/reference/callables.md', renderCallables(commands as readonly CommandEntry[])],
    ['docs/reference/asyncapi.json', renderAsyncApi(events)],
    ['docs/reference/openapi.json', toJson(openApiDocument())],
    [CLI, renderCli()],
    ...events.map((event): [string, string] => [
      SCHEMAS + schemaFile(event.type, event.version),
      renderSchema(event),
    ]),
  ]);
}

/** `CLIENT_CONTRACTS`; apart from the others, since the compiler is asked. */
export function clientContracts(): string {
  const { commands } = describeContracts();
  return renderClientContracts(commands as readonly CommandEntry[], readCodeFacts());
}
