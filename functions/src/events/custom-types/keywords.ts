/**
 * What a keyword of JSON Schema holds: a schema, a list or a map of schemas, schemas by pattern, or
 * something that is counted, or anything else.
 */
type KeywordKind = 'schema' | 'schemas' | 'map' | 'patterns' | 'counted' | 'value';

function allOf(kind: KeywordKind, names: string): [string, KeywordKind][] {
  return names.split(' ').map((name) => [name, kind]);
}

/**
 * The keywords of JSON Schema 2020-12 that an organization's schema may have. Left out is what would reach
 * beyond the document or be looked up as it is validated (`$id`, `$anchor`, `$dynamicRef`, …).
 */
export const KEYWORDS: ReadonlyMap<string, KeywordKind> = new Map([
  ...allOf('schema', 'items contains additionalProperties propertyNames not if then else'),
  ...allOf('schema', 'unevaluatedItems unevaluatedProperties'),
  ...allOf('schemas', 'allOf anyOf oneOf prefixItems'),
  ...allOf('map', '$defs properties dependentSchemas'),
  ...allOf('patterns', 'patternProperties'),
  ...allOf('counted', 'enum required dependentRequired'),
  ...allOf('value', '$schema $ref $comment title description default examples deprecated'),
  ...allOf('value', 'readOnly writeOnly type const multipleOf maximum exclusiveMaximum minimum'),
  ...allOf('value', 'exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems'),
  ...allOf('value', 'maxContains minContains maxProperties minProperties format'),
]);

/** What `$schema` may say. */
export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
