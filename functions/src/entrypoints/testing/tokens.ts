import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const LONG_AGO = 1_700_000_000;
const FAR_OFF = 4_000_000_000;

/** An ID token as the Auth emulator writes them, not signed; of times long past to far off, unless `said` says. */
export function tokenOf(uid: string, said: Readonly<Record<string, unknown>> = {}): string {
  const project = process.env['GCLOUD_PROJECT'] ?? '';
  const issuer = `https://securetoken.google.com/${project}`;
  const times = { iat: LONG_AGO, auth_time: LONG_AGO, exp: FAR_OFF };
  const claims = { iss: issuer, aud: project, sub: uid, ...times, ...said };
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** One whose time is over. */
export function expiredTokenOf(uid: string): string {
  return tokenOf(uid, { exp: LONG_AGO + 3_600 });
}

/**
 * Lets the SDK verify such tokens as it does beside the Auth emulator: it judges them itself, and asks only
 * whether there is such a user. Everybody is one. Answers how to end it.
 */
export async function openAuth(): Promise<() => void> {
  const server = createServer((request, response) => {
    json(request)
      .then((asked) => {
        const { localId: [localId] = [] } = asked as { readonly localId?: readonly string[] };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ users: [{ localId }] }));
      })
      .catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] =
    `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
