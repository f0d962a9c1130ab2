import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CODES } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { Shell } from '../shell.ts';
import type { AuthServer } from './auth-server.ts';

/** Who is signed in at one address. */
export interface Credential extends AuthServer {
  readonly email: string;
  readonly refreshToken: string;
}

type Credentials = Readonly<Record<string, Credential>>;

/** `$XDG_CONFIG_HOME/outbox/credentials.json`, by default below `~/.config`. */
export function credentialsPath(env: Shell['env']): string {
  const home = env['XDG_CONFIG_HOME'];
  const base = home === undefined || home === '' ? join(env['HOME'] ?? homedir(), '.config') : home;
  return join(base, 'outbox', 'credentials.json');
}

/** Of this address and no other: a token goes only where it was got for. */
export function readCredential(env: Shell['env'], url: string): Credential | undefined {
  const held = readAll(env)[url];
  return typeof held?.refreshToken === 'string' ? held : undefined;
}

/** Readable by its owner only, and never half written. Throws a `Failure` where it cannot be written. */
export function saveCredential(env: Shell['env'], url: string, credential: Credential): void {
  const path = credentialsPath(env);
  const text = JSON.stringify({ ...readAll(env), [url]: credential }, null, 2);
  try {
    write(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'Set XDG_CONFIG_HOME to a folder that you may write, or do with OUTBOX_TOKEN.';
    const message = `${path} cannot be written: ${why}`;
    throw new Failure(EXIT_CODES.wrong, message, hint, { cause: error });
  }
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  rmSync(next, { force: true });
  writeFileSync(next, `${text}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(next, path);
}

/** A file that is not there, or no longer one of ours, holds nobody. */
function readAll(env: Shell['env']): Credentials {
  try {
    return (JSON.parse(readFileSync(credentialsPath(env), 'utf8')) ?? {}) as Credentials;
  } catch {
    return {};
  }
}
