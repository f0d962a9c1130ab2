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
import { runScript, type ScriptRun } from '../run/run-script.ts';

/** Path → text of the files to plant. */
export type PlantedFiles = Readonly<Record<string, string>>;

export interface PlantedProject {
  readonly folder: string;
  /** Runs a script of package.json there, as `npm run` does here, and returns what it printed. */
  run(script: string, ...scriptArguments: string[]): Promise<ScriptRun>;
  remove(): void;
}

const timeoutMs = 60_000;
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
    folder,
    run: (script, ...scriptArguments) =>
      runScript(script, scriptArguments, { cwd: folder, timeoutMs }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writePlanted(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The settings of this project, for a planted one that needs them a little different. */
export function readProjectFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
