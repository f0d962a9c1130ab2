import { afterAll, expect, test } from '@jest/globals';
import { playApart } from './play-apart.ts';
import { playSeeds } from './play.ts';
import { PLANTS } from './plants/plants.ts';

/** Within this many seeds every bug must have been noticed. */
const MAX_SEEDS = 500;
const TIMEOUT_MS = 60_000;

const caught: string[] = [];
afterAll(() => {
  process.stdout.write(`${caught.join('\n')}\n`);
});

test.each(PLANTS)(
  'the simulation notices $name',
  async ({ name, scenario = {} }) => {
    const knobs = JSON.stringify(scenario);
    const told = ['--seeds', `${MAX_SEEDS}`, '--with', knobs, '--plant', name];
    const { seeds, violation } = playApart(told, TIMEOUT_MS);
    expect(violation).toBeDefined();
    // The same seed without the bug: nothing is noticed.
    const { failure } = await playSeeds(seeds, 1, scenario);
    expect(failure?.violations).toBeUndefined();
    caught.push(`${seeds} seeds for ${name}: ${violation?.promise}`);
  },
  TIMEOUT_MS,
);
