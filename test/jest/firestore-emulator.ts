import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findEmulator } from '../../tools/firestore-emulator/find.ts';
import { ROOT_DIR } from '../../tools/paths.ts';
import { spawnOfficialEmulator } from './official-emulator.ts';

export interface FirestoreEmulator {
  readonly address: string;
  stop(): Promise<void>;
}

declare global {
  var firestoreEmulator: FirestoreEmulator | undefined;
}

const startTimeoutMs = 60_000;
const connectRetryMs = 20;

/** Starts a Firestore emulator on a free port with the project's rules. */
export async function startFirestoreEmulator(): Promise<FirestoreEmulator> {
  const port = await findFreePort();
  const child = spawnEmulator(port);
  await waitUntilReady(child, port);
  return { address: `127.0.0.1:${String(port)}`, stop: () => stopProcess(child) };
}

function spawnEmulator(port: number): ChildProcess {
  const choice = findEmulator();
  switch (choice.kind) {
    case 'hidane':
      return spawn(choice.path, hidaneArguments(port), { stdio: ['ignore', 'pipe', 'pipe'] });
    case 'official':
      return spawnOfficialEmulator(port);
    case 'install-hidane':
      throw new Error('hidane is not installed. Run `node tools/bootstrap.mjs --emulators`.');
    case 'none':
      throw new Error(choice.message);
  }
}

function hidaneArguments(port: number): string[] {
  const rules = join(ROOT_DIR, 'firestore.rules');
  const address = ['--host', '127.0.0.1', '--port', String(port)];
  return existsSync(rules) ? [...address, '--rules', rules] : address;
}

async function waitUntilReady(child: ChildProcess, port: number): Promise<void> {
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  let outcome = 'answered nothing in time';
  child.once('error', (error) => (outcome = `could not start: ${error.message}`));
  child.once('exit', (code) => (outcome = `ended with code ${String(code)}`));
  const deadlineMs = performance.now() + startTimeoutMs;
  while (child.exitCode === null && performance.now() < deadlineMs) {
    if (await answers(port)) return;
  }
  child.kill();
  throw new Error(`The Firestore emulator ${outcome}.\n${output.join('')}`);
}

/** Resolves at once when something listens, and after a short wait when nothing does. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, connectRetryMs));
    return false;
  } finally {
    socket.destroy();
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
