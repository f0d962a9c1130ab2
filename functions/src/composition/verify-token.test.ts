import { beforeAll, describe, expect, test } from '@jest/globals';
import { initializeApp } from 'firebase-admin/app';
import { verifyToken } from './verify-token.ts';

const PROJECT = 'demo-outbox';

beforeAll(() => {
  // Then it takes tokens that are not signed; what is wrong with these it finds by itself.
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = '127.0.0.1:9';
  initializeApp({ projectId: PROJECT });
});

function token(said: Readonly<Record<string, unknown>>): string {
  const now = Math.floor(Date.now() / 1_000);
  const issuer = `https://securetoken.google.com/${PROJECT}`;
  const right = { iss: issuer, aud: PROJECT, sub: 'ada', iat: now - 10, exp: now + 3_600 };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...right, auth_time: now, ...said })}.`;
}

describe('a token', () => {
  test('that has expired is told from others', async () => {
    expect(await verifyToken(token({ iat: 1, exp: 2 }))).toBe('expired');
  });

  test.each([
    ['of another project', token({ aud: 'another' })],
    ['of another issuer', token({ iss: 'https://example.test' })],
    ['of nobody', token({ sub: '' })],
    ['that is none', 'x.y.z'],
  ])('%s is none', async (_, text) => {
    expect(await verifyToken(text)).toBeUndefined();
  });

  test('that cannot be asked about is our fault, not the caller’s', async () => {
    await expect(verifyToken(token({}))).rejects.toThrow(/./);
  });
});
