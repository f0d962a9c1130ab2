import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path → text of the files to plant. */
export type PlantedFiles = Readonly<Record<string, string>>;

export interface PlantedProject {
  /** Runs a script of package.json there, as `npm run` does here, and returns what it printed. */
  run(script: string, ...scriptArguments: string[]): Promise<{ exitCode: number; output: string }>;
  remove(): void;
}

const root = join(import.meta.dirname, '..', '..');

/** What makes the checks what they are; the code that they check is planted. */
const copied = [
  '.oxlintrc.json',
  '.oxfmtrc.json',
  '.dependency-cruiser.ts',
  'knip.jsonc',
  'jest.config.js',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'functions/package.json',
  'functions/tsconfig.json',
  'functions/tsconfig.build.json',
  'tools/lint',
  'test/arrows.ts',
  'test/run',
];

/**
 * Makes a project of this one's settings and other code. It lies outside the repository, where
 * `.gitignore` hides nothing from the tools, and borrows the installed packages.
 */
export function plantProject(files: PlantedFiles): PlantedProject {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
  for (const path of ['node_modules', 'functions/node_modules']) {
    symlinkSync(join(root, path), join(folder, path), 'junction');
  }
  for (const [path, text] of Object.entries(files)) writePlanted(join(folder, path), text);
  return {
    run: (script, ...scriptArguments) => runScript(folder, script, scriptArguments),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writePlanted(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function runScript(
  folder: string,
  script: string,
  scriptArguments: readonly string[],
): Promise<{ exitCode: number; output: string }> {
  // Under `npm test` npm names its own file, which starts on every platform without a shell.
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const child = spawn(command, [...prefix, 'run', '--silent', script, '--', ...scriptArguments], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  await once(child, 'close');
  return { exitCode: child.exitCode ?? -1, output: chunks.join('') };
}

/** The settings of this project, for a planted one that needs them a little different. */
export function readProjectFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
