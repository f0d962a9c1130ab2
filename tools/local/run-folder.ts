import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_DIR } from '../paths.ts';

export interface RunFolder {
  /** Configuration and debug logs of one run. */
  readonly path: string;
  /** The run's own temporary folder; short, since sockets lie in it and their paths are limited. */
  readonly tempPath: string;
  remove(): void;
}

const TEMP_PATH_FILE = 'temp-path';
let runCount = 0;

export function createRunFolder(): RunFolder {
  removeAbandonedFolders();
  runCount += 1;
  const path = join(LOCAL_DIR, `run-${String(process.pid)}-${String(runCount)}`);
  mkdirSync(path, { recursive: true });
  const tempPath = mkdtempSync(join(tmpdir(), 'outbox-'));
  writeFileSync(join(path, TEMP_PATH_FILE), tempPath);
  return { path, tempPath, remove: () => removeFolder(path) };
}

/** What a run that was killed could not remove itself. */
function removeAbandonedFolders(): void {
  mkdirSync(LOCAL_DIR, { recursive: true });
  for (const name of readdirSync(LOCAL_DIR)) {
    const pid = /^run-(\d+)-\d+$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    removeFolder(join(LOCAL_DIR, name));
  }
}

function removeFolder(path: string): void {
  const note = join(path, TEMP_PATH_FILE);
  if (existsSync(note)) rmSync(readFileSync(note, 'utf8'), { recursive: true, force: true });
  rmSync(path, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
