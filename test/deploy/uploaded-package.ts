import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'functions');
const npmTimeoutMs = 240_000;
/** An import that is still running then never ends. */
const nodeTimeoutMs = 20_000;

/** An empty folder for one upload, with a place that can stand for an empty home. */
export function makeUploadFolder(): { upload: string; home: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'upload-'));
  const upload = join(folder, 'functions');
  const home = join(folder, 'home');
  mkdirSync(upload);
  mkdirSync(home);
  return { upload, home, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Copies what `firebase deploy` uploads, chosen by firebase-tools' own code. */
export async function copyUpload(upload: string): Promise<string[]> {
  const configuration = JSON.parse(readFileSync(join(root, 'firebase.json'), 'utf8')) as {
    functions: readonly { source: string; ignore?: readonly string[] }[];
  };
  const own = configuration.functions.find((one) => one.source === 'functions');
  if (own === undefined) throw new Error('firebase.json deploys no "functions" folder.');
  const paths = await listUploadedFiles(own.ignore ?? ['node_modules', '.git']);
  for (const path of paths) {
    mkdirSync(dirname(join(upload, path)), { recursive: true });
    cpSync(join(source, path), join(upload, path));
  }
  return paths;
}

async function listUploadedFiles(ignore: readonly string[]): Promise<string[]> {
  const fromEmulators = createRequire(join(root, 'tools/emulators/package.json'));
  const { readdirRecursive } = fromEmulators('firebase-tools/lib/fsAsync.js') as {
    readdirRecursive: (options: {
      path: string;
      ignoreStrings: readonly string[];
    }) => Promise<readonly { name: string }[]>;
  };
  // The command adds these itself (prepareFunctionsUpload).
  const always = ['firebase-debug.log', 'firebase-debug.*.log', '.runtimeconfig.json'];
  const files = await readdirRecursive({ path: source, ignoreStrings: [...ignore, ...always] });
  return files.map(({ name }) => relative(source, name).replaceAll('\\', '/')).toSorted();
}

/** Runs npm in `folder`. */
export function runNpm(folder: string, ...npmArguments: string[]): Promise<Ended> {
  // Under `npm test` npm names its own file, which starts on every platform without a shell.
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  return runProcess(command, [...prefix, ...npmArguments], {
    cwd: folder,
    env: withoutNpmRun(process.env),
    timeout: npmTimeoutMs,
  });
}

/** The environment less what an outer `npm run` tells its scripts about itself and its folder. */
function withoutNpmRun(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(?:npm_(?!config_)|npm_config_(?:local_prefix|loglevel|prefix)$|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}

/** Runs Node in `folder` with nothing of this machine's settings but an empty home. */
export function runNode(
  folder: string,
  home: string,
  nodeArguments: readonly string[],
  settings: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const windows = { SystemRoot: process.env['SystemRoot'], USERPROFILE: home, APPDATA: home };
  const env = { HOME: home, ...(process.platform === 'win32' ? windows : {}), ...settings };
  return runProcess(process.execPath, nodeArguments, {
    cwd: folder,
    env,
    timeout: nodeTimeoutMs,
  });
}

async function runProcess(
  command: string,
  processArguments: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; timeout: number },
): Promise<Ended> {
  const child = spawn(command, processArguments, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr.push(chunk));
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}
