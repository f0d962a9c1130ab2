import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOCAL_DIR, ROOT_DIR } from '../../tools/paths.ts';
import type { Comparison } from '../results.ts';
import { alternate } from '../rounds.ts';
import type { Stage } from '../stage.ts';

const run = promisify(execFile);
const functionsDir = join(ROOT_DIR, 'functions');
/** A build of our own: that of `functions/lib` may be under way, or old. */
const packageDir = join(LOCAL_DIR, 'bench', 'functions');
const probe = join(import.meta.dirname, '..', 'import-probe.mjs');

/** Loading the deployed code against loading what it uses of the two SDKs, each in a fresh process. */
export async function compareImport({ closed }: Stage, rounds: number): Promise<Comparison> {
  await buildPackage(closed);
  const sdksAlone = join(packageDir, 'sdks.mjs');
  writeFileSync(
    sdksAlone,
    sdkModules()
      .map((name) => `import '${name}';\n`)
      .join(''),
  );
  const sides = {
    raw: () => load(sdksAlone, closed),
    ours: () => load(join(packageDir, 'lib/index.js'), closed),
  };
  // Files that were never read come from the disk.
  await alternate(sides, 1);
  const msForOne = await alternate(sides, rounds);
  return {
    name: 'import of index.ts',
    count: 1,
    msForOne,
    cpuMsForOne: undefined,
    queryMsForOne: undefined,
    billedForOne: undefined,
  };
}

async function load(file: string, signal: AbortSignal): Promise<number> {
  // An instance's first start has no compile cache.
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, NODE_OPTIONS: undefined };
  const { stdout } = await runNode([probe, file], { cwd: packageDir, env }, signal);
  return Number(stdout);
}

async function buildPackage(signal: AbortSignal): Promise<void> {
  rmSync(packageDir, { recursive: true, force: true });
  mkdirSync(packageDir, { recursive: true });
  cpSync(join(functionsDir, 'package.json'), join(packageDir, 'package.json'));
  symlinkSync(join(functionsDir, 'node_modules'), join(packageDir, 'node_modules'), 'junction');
  try {
    await runNode([join(functionsDir, 'build.mjs'), join(packageDir, 'lib')], {}, signal);
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    throw new Error(`The functions do not build:\n${stderr ?? ''}`, { cause: error });
  }
}

/** `closed` ends it, too, at once. */
async function runNode(
  nodeArguments: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
  closed: AbortSignal,
): Promise<{ readonly stdout: string }> {
  const running = run(process.execPath, nodeArguments, options);
  const kill = (): boolean => running.child.kill('SIGKILL');
  closed.addEventListener('abort', kill);
  try {
    return await running;
  } finally {
    closed.removeEventListener('abort', kill);
  }
}

/** The modules of the two SDKs that the deployed code imports when it is loaded. */
function sdkModules(): string[] {
  const files = globSync('lib/**/*.js', { cwd: packageDir });
  const imported = files.flatMap((file) => {
    const text = readFileSync(join(packageDir, file), 'utf8');
    return [...text.matchAll(/from "(firebase-(?:admin|functions)[^"]*)"/g)].map(
      ([, name]) => name,
    );
  });
  const modules = [...new Set(imported)].filter((name) => name !== undefined).toSorted();
  if (!modules.some((name) => name.startsWith('firebase-admin'))) {
    throw new Error(`The build imports none of firebase-admin: ${modules.join(', ')}`);
  }
  return modules;
}
