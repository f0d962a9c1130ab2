import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { normalizeManifest, readGoldenManifest } from './golden-manifest.ts';
import { copyUpload, makeUploadFolder, runNode, runNpm, type Ended } from './uploaded-package.ts';

/** What the import probe prints. */
interface Imported {
  readonly names: string[];
  readonly deployed: string[];
  readonly started: string[];
}

const root = join(import.meta.dirname, '..', '..');
/** An install takes seconds from npm's cache, but minutes over a slow network. */
const prepareTimeoutMs = 300_000;
const discovery = 'node_modules/firebase-functions/lib/bin/firebase-functions.js';

// `functions/` alone, as it is uploaded: without the repository around it, without the packages
// of its developers, without credentials.
describe('the deployed package', () => {
  const { upload, home, remove } = makeUploadFolder();
  let paths: string[];
  let imported: Ended;

  beforeAll(async () => {
    const built = await runNpm(root, 'run', 'build');
    if (built.exitCode !== 0) throw new Error(`It does not build:\n${built.stdout}${built.stderr}`);
    paths = await copyUpload(upload);
    // As the platform's build does it.
    const installed = await runNpm(upload, 'ci', '--omit=dev', '--ignore-scripts', '--no-audit');
    if (installed.exitCode !== 0) throw new Error(`It does not install:\n${installed.stderr}`);
    const probe = join(home, 'import-probe.mjs');
    cpSync(join(import.meta.dirname, 'import-probe.mjs'), probe);
    const { main } = JSON.parse(readFileSync(join(upload, 'package.json'), 'utf8')) as {
      main: string;
    };
    // Under this variable the SDK warns of every setting that is read too early.
    const settings = { FUNCTIONS_CONTROL_API: 'true' };
    imported = await runNode(upload, home, [probe, join(upload, main)], settings);
  }, prepareTimeoutMs);

  afterAll(remove);

  function readImported(): Imported {
    if (imported.stdout === '') throw new Error(`It cannot be imported:\n${imported.stderr}`);
    return JSON.parse(imported.stdout) as Imported;
  }

  test('holds what runs, and neither sources, tests nor local settings', () => {
    expect(paths).toEqual(
      expect.arrayContaining(['lib/index.js', 'package.json', 'package-lock.json']),
    );
    const unwanted = /(^|\/)(src|testing|memory|node_modules)\/|\.ts$|\.test\.|^\.env|^tsconfig/;
    expect(paths.filter((path) => unwanted.test(path))).toEqual([]);
  });

  test('is bundled of what runs, and of nothing for tests', () => {
    const files = paths.filter((path) => path.endsWith('.js'));
    const texts = files.map((path) => readFileSync(join(upload, path), 'utf8'));
    // The bundler names each module that it takes in.
    const modules = texts.flatMap((text) => text.match(/^\/\/ src\/\S+$/gm) ?? []);
    expect(modules.length).toBeGreaterThan(200);
    expect(modules.filter((name) => /\/(testing|memory)\/|\.test\./.test(name))).toEqual([]);
  });

  test('is imported without a word, and its process ends by itself', () => {
    expect({ exitCode: imported.exitCode, stderr: imported.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    });
  });

  test('asks the network for nothing and starts no timer when imported', () => {
    const { started } = readImported();
    expect(started).toEqual([]);
  });

  test('has the manifest of manifest.golden.json (UPDATE_GOLDEN=1 rewrites it)', async () => {
    const file = join(home, 'manifest.json');
    // The program and the variables with which the command line tool asks for it before a deploy.
    const found = await runNode(upload, home, [discovery], {
      FUNCTIONS_CONTROL_API: 'true',
      FUNCTIONS_MANIFEST_OUTPUT_PATH: file,
    });
    expect(found).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const { names, deployed } = readImported();
    const discovered = JSON.parse(readFileSync(file, 'utf8')) as { endpoints: object };
    expect(Object.keys(discovered.endpoints).toSorted()).toEqual(deployed);
    const manifest = normalizeManifest({ exports: names, ...discovered });
    expect(manifest).toEqual(readGoldenManifest(manifest));
  });
});
