import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ROUTES } from '../../functions/src/api/routes.ts';

const root = new URL('../../', import.meta.url);

test('Hosting hands every path of the API to its function, where it is deployed', () => {
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const { hosting } = JSON.parse(read('firebase.json')) as {
    hosting: { rewrites: { source: string; function: { functionId: string; region: string } }[] };
  };
  const sources = hosting.rewrites.map(({ source }) => source);
  expect(sources).toEqual(['/v1/**', '/metrics']);
  const elsewhere = ROUTES.filter(({ path }) => !path.startsWith('/v1/')).map(({ path }) => path);
  expect(elsewhere).toEqual(['/metrics']);
  const targets = new Set(hosting.rewrites.map((rewrite) => JSON.stringify(rewrite.function)));
  expect(targets.size).toBe(1);
  const { functionId, region } = hosting.rewrites[0]!.function;
  expect(read('functions/src/index.ts')).toContain(`export { ${functionId} } from`);
  expect(read('functions/src/composition/backend.ts')).toContain(`REGION = '${region}'`);
});
