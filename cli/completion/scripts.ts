import { readFileSync } from 'node:fs';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The word that makes `outbox` suggest instead of do; after it comes what was typed. */
export const COMPLETE = '__complete';

/** What a shell is told. It asks `outbox` itself, so that it never grows old. */
export function completionScript(shell: (typeof SHELLS)[number]): string {
  return readFileSync(new URL(`outbox.${shell}`, import.meta.url), 'utf8');
}
