import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const goldenFile = join(import.meta.dirname, 'manifest.golden.json');

/** The manifest with its keys in order and without what it leaves at the platform's default. */
export function normalizeManifest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => normalizeManifest(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .filter(([, field]) => field !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => [key, normalizeManifest(field)] as const);
  return Object.fromEntries(kept);
}

/** The manifest last agreed on; `UPDATE_GOLDEN=1` agrees on this one. */
export function readGoldenManifest(manifest: unknown): unknown {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(goldenFile, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  return JSON.parse(readFileSync(goldenFile, 'utf8'));
}
