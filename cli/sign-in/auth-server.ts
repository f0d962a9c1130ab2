import { EXIT_CODES } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { createPatientFetch } from '../api/patient-fetch.ts';
import type { Shell } from '../shell.ts';

/** Firebase Auth of a project, or its emulator. */
export interface AuthServer {
  /** Of the web app; the emulator takes any. It is no secret. */
  readonly apiKey: string;
  /** `127.0.0.1:9099`; absent for Google's. */
  readonly emulator?: string;
}

export interface SignedIn {
  readonly idToken: string;
  readonly refreshToken: string;
}

type Json = Readonly<Record<string, unknown>>;

/** What Firebase Auth answers with; its codes, such as `EMAIL_NOT_FOUND`, come as `AuthRefusal`. */
export class AuthRefusal extends Error {
  override readonly name = 'AuthRefusal';
}

export async function signIn(
  shell: Shell,
  server: AuthServer,
  who: { readonly email: string; readonly password: string },
  verb: 'signInWithPassword' | 'signUp' = 'signInWithPassword',
): Promise<SignedIn> {
  const body = { ...who, returnSecureToken: true };
  const answer = await post(shell, identityUrl(server, `accounts:${verb}`), body);
  return { idToken: String(answer['idToken']), refreshToken: String(answer['refreshToken']) };
}

/** A new ID token, an hour good. */
export async function refresh(
  shell: Shell,
  server: AuthServer,
  refreshToken: string,
): Promise<SignedIn> {
  const url = `${originOf(server, 'securetoken.googleapis.com')}/v1/token?key=${server.apiKey}`;
  const body = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const answer = await post(shell, url, body);
  return { idToken: String(answer['id_token']), refreshToken: String(answer['refresh_token']) };
}

/** Makes a user of the emulator an operator; there, everybody is its owner. */
export async function makeOperator(
  shell: Shell,
  server: Required<AuthServer>,
  idToken: string,
): Promise<void> {
  const claims = readClaims(idToken);
  const project = `projects/${String(claims['aud'])}/accounts`;
  const owner = 'Bearer owner';
  const localId = String(claims['user_id']);
  const found = await post(
    shell,
    identityUrl(server, `${project}:lookup`),
    { localId: [localId] },
    owner,
  );
  const [user] = (found['users'] ?? []) as readonly { readonly customAttributes?: string }[];
  const held = JSON.parse(user?.customAttributes ?? '{}') as Json;
  const customAttributes = JSON.stringify({ ...held, operator: true });
  await post(shell, identityUrl(server, `${project}:update`), { localId, customAttributes }, owner);
}

/** What the token says; whether it is true, the API checks. */
export function readClaims(idToken: string): Json {
  const [, payload = ''] = idToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Json;
}

function identityUrl(server: AuthServer, path: string): string {
  return `${originOf(server, 'identitytoolkit.googleapis.com')}/v1/${path}?key=${server.apiKey}`;
}

function originOf({ emulator }: AuthServer, host: string): string {
  return emulator === undefined ? `https://${host}` : `http://${emulator}/${host}`;
}

async function post(shell: Shell, url: string, body: Json, authorization?: string): Promise<Json> {
  const headers = {
    'content-type': 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
  };
  const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const response = await createPatientFetch(shell)(request);
  const answer = (await response.json().catch(() => ({}))) as Json;
  if (response.ok) return answer;
  const { message } = (answer['error'] ?? {}) as { readonly message?: string };
  if (message !== undefined) throw new AuthRefusal(message);
  throw new Failure(EXIT_CODES.notReachable, `Firebase Auth answered ${response.status}.`);
}
