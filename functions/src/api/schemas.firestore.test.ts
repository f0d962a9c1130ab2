import { beforeAll, describe, expect, test } from '@jest/globals';
import { firestore } from '../composition/testing/backend.ts';
import { aWorld } from '../composition/testing/world.ts';
import { clearFirestore } from '../kernel/testing/clear-firestore.ts';
import type { Answered, Ask } from './testing/api.ts';
import { openApi } from './testing/api.ts';

let ask: Ask;

beforeAll(async () => {
  await clearFirestore(firestore);
  ask = await openApi(await aWorld());
});

const get = (path: string, as = 'ada'): Promise<Answered> => ask('GET', path, { as });

describe('types', () => {
  test('are the built-in ones and the organization’s own, each with its schema', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } } };
    const body = { type: 'custom.counted', description: 'Somebody counted.', schema };
    const register = (said: object) => ask('POST', '/v1/schemas', { as: 'ada', body: said });
    expect((await register(body)).body).toEqual({ type: 'custom.counted', version: 1 });
    const next = { ...body, schema: { ...schema, required: ['n'] } };
    expect((await register(next)).body.version).toBe(2);
    const { schemas } = (await get('/v1/schemas', 'pia')).body;
    const named = (type: string) => schemas.find((entry) => entry.type === type);
    expect(named('custom.counted')).toMatchObject({ version: 2, external: true, custom: true });
    expect(named('payment.paid')).toMatchObject({ external: true, custom: false });
    expect(named('payment.received')).toMatchObject({ external: false, custom: false });
    const first = await get('/v1/schemas/custom.counted?version=1', 'eve');
    expect(first.body).toMatchObject({ version: 1, schema });
    const alias = await get('/v1/schemas/InvoicePaid');
    expect(alias.body).toMatchObject({ type: 'invoice.paid', schema: { type: 'object' } });
    for (const none of [
      'custom.none',
      'no.such',
      'invoice.paid?version=99',
      'custom.counted?version=3',
    ]) {
      expect((await get(`/v1/schemas/${none}`)).status).toBe(404);
    }
    const bad = await register({ ...body, type: 'counted', schema: { type: 'object', $id: 'x' } });
    expect([bad.status, bad.body.code]).toEqual([422, 'invalid-schema']);
    expect(bad.body.problems.map(({ path }) => path)).toEqual(['type', 'schema.$id']);
  });
});
