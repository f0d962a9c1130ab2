// Bundles the functions into `lib`, or the folder that is named: an instance that starts reads a few files
// instead of some hundred. Packages stay as they are, and what is imported late stays a file of its own.
import { build } from 'esbuild';

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['src/index.ts'],
  outdir: process.argv[2] ?? 'lib',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: true,
});
