import { EXIT_CODES } from '../exit-codes.ts';
import { Failure, usage } from '../failure.ts';
import type { Shell } from '../shell.ts';
import { isLocal } from './address.ts';
import { AuthRefusal, readClaims, refresh } from './auth-server.ts';
import { readCredential, saveCredential, type Credential } from './credentials.ts';

/** A token is replaced this long before it ends: a watch may last longer than the hour that one is good for. */
const MARGIN_MS = 5 * 60_000;

/**
 * The ID token for this address: `OUTBOX_TOKEN`, or whoever signed in with `outbox login`. Throws a `Failure`
 * where there is nobody.
 */
export function createTokenSource(shell: Shell, url: string): () => Promise<string> {
  const said = shell.env['OUTBOX_TOKEN'];
  if (said !== undefined && said !== '') {
    // Otherwise it is the header that is refused, and nobody sees why.
    if (!/^[!-~]+$/.test(said)) throw usage('OUTBOX_TOKEN is no token: it is one word.');
    return () => Promise.resolve(said);
  }
  let held: { readonly idToken: string; readonly endsAtMs: number } | undefined;
  return async () => {
    if (held === undefined || shell.now() > held.endsAtMs - MARGIN_MS) {
      held = await renew(shell, url);
    }
    return held.idToken;
  };
}

async function renew(shell: Shell, url: string) {
  const credential = readCredential(shell.env, url);
  if (credential === undefined) throw notSignedIn(`Nobody is signed in at ${url}.`);
  if (credential.emulator === undefined && isLocal(new URL(url))) {
    throw notSignedIn(`Whoever is signed in at ${url} is so at no emulator, but the API is local.`);
  }
  const { idToken, refreshToken } = await refresh(shell, credential, credential.refreshToken).catch(
    (error: unknown) => refuse(error, credential),
  );
  if (refreshToken !== credential.refreshToken) {
    saveCredential(shell.env, url, { ...credential, refreshToken });
  }
  return { idToken, endsAtMs: Number(readClaims(idToken)['exp']) * 1000 };
}

function refuse(error: unknown, { email }: Credential): never {
  if (!(error instanceof AuthRefusal)) throw error;
  throw notSignedIn(`${email} is signed in no longer (${error.message}).`, error);
}

function notSignedIn(message: string, cause?: unknown): Failure {
  const hint = 'Sign in: outbox login, or set OUTBOX_TOKEN.';
  return new Failure(EXIT_CODES.notAllowed, message, hint, { cause });
}
