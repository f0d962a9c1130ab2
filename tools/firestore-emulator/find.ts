import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT_DIR } from '../paths.ts';
import { chooseEmulator, parseJavaMajor, type Choice } from './choose.ts';

const EXECUTABLE_SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** What can run Firestore on this machine now. */
export function findEmulator(): Choice {
  const hidaneOnPath = findOnPath('hidane');
  const hidaneInTools = existingFile(join(ROOT_DIR, '.tools', 'bin', `hidane${EXECUTABLE_SUFFIX}`));
  // Starting a JVM just to ask its version takes longer than the rest: only when it matters.
  if (hidaneOnPath !== undefined || hidaneInTools !== undefined) {
    return chooseEmulator({ hidaneOnPath, hidaneInTools, hasCargo: false });
  }
  return chooseEmulator({ javaMajor: askJavaMajor(), hasCargo: findOnPath('cargo') !== undefined });
}

function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => existingFile(join(folder, `${name}${EXECUTABLE_SUFFIX}`)))
    .find((path) => path !== undefined);
}

function existingFile(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

function askJavaMajor(): number | undefined {
  const result = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return result.status === 0 ? parseJavaMajor(`${result.stderr}${result.stdout}`) : undefined;
}
