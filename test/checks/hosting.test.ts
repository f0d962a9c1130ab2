import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ROUTES } from '../../functions/src/api/routes.ts';

const root = new URL('../../', import.meta.url);

test('Hosting hands every path of the API to its function, where it is deployed', () => {
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const { hosting } = JSON.parse(read('firebase.json')) as {
    hosting: { rewrites: { source: string; function: { functionId: string; region: string } }[] };
  };
  const [rewrite] = hosting.rewrites;
  expect(rewrite?.source).toBe('/v1/**');
  expect(ROUTES.map(({ path }) => path.split('/')[1])).toEqual(ROUTES.map(() => 'v1'));
  const { functionId, region } = rewrite!.function;
  expect(read('functions/src/index.ts')).toContain(`export { ${functionId} } from`);
  expect(read('functions/src/composition/backend.ts')).toContain(`REGION = '${region}'`);
});
