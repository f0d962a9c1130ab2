import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT_DIR } from '../../tools/paths.ts';

const MODULE_DIR = join(import.meta.dirname, 'fake-gcs');
const BINARY = join(ROOT_DIR, '.tools/bin/fake-gcs-server');
const BUILD_TIMEOUT_MS = 600_000;
const READY_TIMEOUT_MS = 20_000;
const LOOK_AGAIN_MS = 20;

/** A server that behaves as Cloud Storage does, for as long as a test needs it. */
export interface FakeGcs {
  readonly apiEndpoint: string;
  readonly stop: () => Promise<void>;
}

/** Why the server cannot be had here; undefined where it can. */
export function whyNoFakeGcs(): string | undefined {
  if (existsSync(BINARY)) return undefined;
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'Go is not installed, which builds fake-gcs-server';
  }
}

/** Starts it with one empty bucket; builds it first where nobody has. */
export async function startFakeGcs(bucket: string): Promise<FakeGcs> {
  if (!existsSync(BINARY)) {
    const args = ['build', '-o', BINARY, 'github.com/fsouza/fake-gcs-server'];
    execFileSync('go', args, { cwd: MODULE_DIR, stdio: 'inherit', timeout: BUILD_TIMEOUT_MS });
  }
  const port = await findFreePort();
  const apiEndpoint = `http://127.0.0.1:${port}`;
  const address = [
    '-host',
    '127.0.0.1',
    '-port',
    String(port),
    '-public-host',
    `127.0.0.1:${port}`,
  ];
  const rest = ['-scheme', 'http', '-backend', 'memory', '-external-url', apiEndpoint];
  const child = spawn(BINARY, [...address, ...rest, '-log-level', 'error'], { stdio: 'ignore' });
  await waitUntilReady(child, apiEndpoint);
  const answer = await fetch(`${apiEndpoint}/storage/v1/b?project=tests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: bucket }),
  });
  if (!answer.ok) throw new Error(`The bucket could not be made: ${answer.status}.`);
  return { apiEndpoint, stop: () => stop(child) };
}

async function waitUntilReady(child: ChildProcess, apiEndpoint: string): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < deadlineMs) {
    const answer = await fetch(`${apiEndpoint}/storage/v1/b?project=tests`).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(LOOK_AGAIN_MS);
  }
  child.kill();
  throw new Error('fake-gcs-server did not start.');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
