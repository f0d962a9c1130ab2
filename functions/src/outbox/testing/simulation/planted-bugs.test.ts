import { afterAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { playSeeds } from './play.ts';
import { PLANTS } from './plants/plants.ts';

/** Within this many seeds every bug must have been noticed. */
const MAX_SEEDS = 500;
const TIMEOUT_MS = 60_000;
const main = fileURLToPath(new URL('main.ts', import.meta.url));

const caught: string[] = [];
afterAll(() => {
  process.stdout.write(`${caught.join('\n')}\n`);
});

function play(...told: readonly string[]): Brief {
  // A process of its own: a bug is planted as the engine is loaded.
  const child = spawnSync(process.execPath, ['--conditions=source', main, '--brief', ...told], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  expect(child.stderr).toBe('');
  return JSON.parse(child.stdout) as Brief;
}

test.each(PLANTS)(
  'the simulation notices $name',
  async ({ name, scenario = {} }) => {
    const knobs = JSON.stringify(scenario);
    const { seeds, violation } = play('--seeds', `${MAX_SEEDS}`, '--with', knobs, '--plant', name);
    expect(violation).toBeDefined();
    // The same seed without the bug: nothing is noticed.
    const { failure } = await playSeeds(seeds, 1, scenario);
    expect(failure?.violations).toBeUndefined();
    caught.push(`${seeds} seeds for ${name}: ${violation?.promise}`);
  },
  TIMEOUT_MS,
);

interface Brief {
  readonly seeds: number;
  readonly violation?: { readonly promise: string };
}
