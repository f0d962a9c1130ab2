import type { EventContract } from '../../functions/src/composition/describe.ts';

/** Where published schemas are: one file for each type and version, for ever. */
export const SCHEMAS = 'docs/reference/schemas/';

/** The file of a version's schema. */
export function schemaFile(type: string, version: number): string {
  return `${type}.v${version}.json`;
}

/** The type and version that a file of `SCHEMAS` is of. */
export function readSchemaFile(name: string): { type: string; version: number } | undefined {
  const [, type, version] = /^(.+)\.v(\d+)\.json$/.exec(name) ?? [];
  return type === undefined ? undefined : { type, version: Number(version) };
}

/** `docs/reference/schemas/<type>.v<version>.json`: a payload's schema, in JSON Schema 2020-12. */
export function renderSchema(event: EventContract): string {
  const { type, version, description, payload, example } = event;
  const { $schema, ...rest } = payload;
  const title = `${type}, version ${version}`;
  return toJson({ $schema, title, description, ...rest, examples: [example] });
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
