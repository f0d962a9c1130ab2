// Puts the example page, ready to be served, into the folder that is named.
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';

const [, , folder] = argv;
if (folder === undefined) {
  stderr.write('Say where to: node example/build.mjs <folder>\n');
  exit(2);
}
// The functions are bundled with it, too.
const { build } = createRequire(new URL('../functions/package.json', import.meta.url))('esbuild');

await mkdir(folder, { recursive: true });
await copyFile(new URL('index.html', import.meta.url), join(folder, 'index.html'));
await build({
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  outfile: join(folder, 'main.js'),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: true,
});
