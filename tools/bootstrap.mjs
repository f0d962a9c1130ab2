// Installs what a clean checkout lacks, and does nothing (fast, silently) when nothing is missing.
//
//   node tools/bootstrap.mjs               the root, then functions/
//   node tools/bootstrap.mjs --emulators   also firebase-tools and a Firestore emulator
//
// Plain JavaScript for Node >= 20: it has to run before Node 24 and the compiler are there.
// Windows and macOS are written from the documentation and have not been tried.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = '24.9.0';
const INSTALL = ['ci', '--no-audit', '--no-fund', '--ignore-scripts'];

function compareVersions(left, right) {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i += 1) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

/** The running Node if it is new enough, else the one that npm installed for this machine. */
function findNode() {
  if (compareVersions(process.versions.node, OLDEST_NODE) >= 0) return process.execPath;
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const path = join(ROOT, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node');
  return existsSync(path) ? path : undefined;
}

function explainOldNode() {
  return [
    `Node ${process.versions.node} is too old: this project needs Node >= ${OLDEST_NODE}, and npm has`,
    `no package of it for ${process.platform}-${process.arch} (Apple silicon, Windows on ARM and others).`,
    'Install Node 24 from https://nodejs.org/ and run the command again.',
  ].join('\n');
}

/** Changes when the dependencies change, or when node_modules was copied from another platform. */
function fingerprint(folder) {
  const lockfile = readFileSync(join(folder, 'package-lock.json'));
  return createHash('sha256')
    .update(`${process.platform}-${process.arch}\n`)
    .update(lockfile)
    .digest('hex');
}

/** npm's own script, run by `node`: npm.cmd on Windows would pick the Node that it lies beside. */
function runNpm(node, args, cwd) {
  const script = process.env.npm_execpath;
  const path = [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const options = { cwd, encoding: 'utf8', env: { ...process.env, PATH: path } };
  if (script?.endsWith('npm-cli.js') && existsSync(script)) {
    return spawnSync(node, [script, ...args], options);
  }
  return process.platform === 'win32'
    ? spawnSync(`npm.cmd ${args.join(' ')}`, { ...options, shell: true })
    : spawnSync('npm', args, options);
}

function install(title, folder, node) {
  const marker = join(folder, 'node_modules', '.installed-lockfile');
  const wanted = fingerprint(folder);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  const startedAt = performance.now();
  const result = runNpm(node, INSTALL, folder);
  if (result.status !== 0) {
    console.error([result.stdout, result.stderr, result.error?.message].filter(Boolean).join('\n'));
    throw new Error(
      `Could not install ${title} (npm's output is above). Mend it and run the command again.`,
    );
  }
  writeFileSync(marker, wanted);
  console.log(`Installed ${title} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

function installFirestoreEmulator(node) {
  const script = fileURLToPath(new URL('./firestore-emulator/install.ts', import.meta.url));
  const result = spawnSync(node, [script], { stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function main() {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--emulators');
  if (unknown.length > 0) throw new Error(`Unknown option ${unknown[0]}. Known: --emulators`);
  install('the development tools', ROOT, process.execPath);
  const node = findNode();
  if (node === undefined) throw new Error(explainOldNode());
  // An older Node's npm would leave out optional packages that need Node 22: Firestore's client among them.
  install('functions/', join(ROOT, 'functions'), node);
  if (!process.argv.includes('--emulators')) return;
  install('firebase-tools', join(ROOT, 'tools', 'emulators'), node);
  installFirestoreEmulator(node);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
