import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT_DIR } from '../paths.ts';

const SOURCE_DIR = join(ROOT_DIR, 'functions');

/**
 * Bundles the functions into a folder of their own. A run that used functions/lib would lose its code
 * as soon as somebody else builds: a worker that starts meanwhile finds nothing to load.
 */
export async function buildFunctions(targetDir: string): Promise<void> {
  mkdirSync(targetDir, { recursive: true });
  await build(join(SOURCE_DIR, 'build.mjs'), join(targetDir, 'lib'));
  copyFileSync(join(SOURCE_DIR, 'package.json'), join(targetDir, 'package.json'));
  // A junction is the link that Windows lets everybody make; elsewhere the type is ignored.
  symlinkSync(join(SOURCE_DIR, 'node_modules'), join(targetDir, 'node_modules'), 'junction');
}

/** Where the example page is, below what Hosting serves. */
export const EXAMPLE = 'example';

/** What Hosting serves, with the example page, which is never deployed. */
export async function buildPages(targetDir: string): Promise<void> {
  cpSync(join(ROOT_DIR, 'hosting'), targetDir, { recursive: true });
  await build(join(ROOT_DIR, EXAMPLE, 'build.mjs'), join(targetDir, EXAMPLE));
}

async function build(script: string, outDir: string): Promise<void> {
  const child = spawn(process.execPath, [script, outDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  throw new Error(`${script} failed:\n${(await output).join('').trim()}`);
}
