import { expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../functions/src/api/openapi.ts';

test('openapi.json is OpenAPI 3.1', async () => {
  const document = openApiDocument();
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(Object.keys(document['paths'] as object).length).toBeGreaterThan(5);
  const { paths: _, ...rest } = document;
  const broken = { ...rest, paths: { '/v1': { get: { responses: [] } } } };
  expect((await validator.validate(broken)).valid).toBe(false);
});
