import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_DIR, ROOT_DIR } from '../../tools/paths.ts';

/**
 * Starts Firebase's own Firestore emulator. The command line tool reads ports only from a
 * configuration file and refuses rules outside that file's folder, hence the folder of its own.
 */
export function spawnOfficialEmulator(port: number): ChildProcess {
  const tool = 'tools/emulators/node_modules/firebase-tools/lib/bin/firebase.js';
  const command = [join(ROOT_DIR, tool), 'emulators:start', '--only', 'firestore'];
  return spawn(process.execPath, [...command, '--project', 'demo-outbox'], {
    cwd: writeConfiguration(port),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function writeConfiguration(port: number): string {
  const folder = join(LOCAL_DIR, 'firestore-emulator');
  mkdirSync(folder, { recursive: true });
  const rules = join(ROOT_DIR, 'firestore.rules');
  if (existsSync(rules)) copyFileSync(rules, join(folder, 'firestore.rules'));
  const configuration = {
    firestore: existsSync(rules) ? { rules: 'firestore.rules' } : {},
    emulators: { firestore: { host: '127.0.0.1', port }, ui: { enabled: false } },
  };
  writeFileSync(join(folder, 'firebase.json'), JSON.stringify(configuration));
  return folder;
}
