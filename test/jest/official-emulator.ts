import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Starts Firebase's own Firestore emulator. The command line tool reads ports only from a
 * configuration file and refuses rules outside that file's folder, hence the folder of its own.
 */
export function spawnOfficialEmulator(root: string, port: number): ChildProcess {
  const firebase = join(root, 'tools/emulators/node_modules/firebase-tools/lib/bin/firebase.js');
  if (!existsSync(firebase)) {
    throw new Error(
      'No Firestore emulator is installed. Run `npm test` or `npm start` once: they install one ' +
        '(hidane on PATH or in .tools/bin, Java 21 or newer, or Rust to build hidane with).',
    );
  }
  const folder = writeConfiguration(root, port);
  const options = ['--only', 'firestore', '--project', 'demo-outbox'];
  return spawn(process.execPath, [firebase, 'emulators:start', ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function writeConfiguration(root: string, port: number): string {
  const folder = join(root, '.local', `emulator-${String(port)}`);
  mkdirSync(folder, { recursive: true });
  const rules = join(root, 'firestore.rules');
  if (existsSync(rules)) copyFileSync(rules, join(folder, 'firestore.rules'));
  const configuration = {
    firestore: existsSync(rules) ? { rules: 'firestore.rules' } : {},
    emulators: { firestore: { host: '127.0.0.1', port }, ui: { enabled: false } },
  };
  writeFileSync(join(folder, 'firebase.json'), JSON.stringify(configuration));
  return folder;
}
