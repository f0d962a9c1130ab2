import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const goldenFile = join(import.meta.dirname, 'manifest.golden.json');

/**
 * The manifest in an order that does not follow from the order of imports, and without what it
 * leaves at the platform's default.
 */
export function normalizeManifest(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => normalizeManifest(item));
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
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
