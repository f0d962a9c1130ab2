import { parseArgs } from 'node:util';
import { plant } from './plants/plant.ts';
import type { Scenario } from './scenario.ts';

const USAGE = `npm run simulate -- [--seeds N] [--from S]   plays N seeds from S on (2000 from 1)
npm run simulate -- --seed S                 plays one, and tells all that happened
npm run simulate -- --scenario '{"seed":S}'  plays a scenario as it was printed
--with '{"events":20}'   sets knobs of every scenario (see scenario.ts)
--brief        says only how many seeds it took, and what they had, as JSON; looks for no smaller scenario
--plant NAME   with this bug planted in the engine (see plants/plants.ts)
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Plays one seed, or one scenario as it was printed, and tells all that happened. */
async function playOne(text: string): Promise<boolean> {
  const { parseScenario, sayViolations } = await import('./play.ts');
  const { simulate } = await import('./simulate.ts');
  const result = await simulate(parseScenario(text), { trace: true });
  for (const line of [...result.trace, JSON.stringify(result.scenario)]) say(line);
  for (const line of sayViolations(result)) say(line);
  return result.violations.length === 0;
}

interface Asked {
  readonly from: string;
  readonly seeds: string;
  readonly with: string;
  readonly brief: boolean;
}

async function playMany({ from, seeds: count, with: said, brief }: Asked): Promise<boolean> {
  const { describeFailure, playSeeds } = await import('./play.ts');
  const knobs = JSON.parse(said) as Partial<Scenario>;
  if (![from, count].every((number) => /^[0-9]+$/.test(number)) || count === '0') {
    throw new Error('Say whole numbers: --seeds 2000 --from 1.');
  }
  const { failure, seeds, tally } = await playSeeds(Number(from), Number(count), knobs);
  if (brief) {
    say(JSON.stringify({ seeds, violation: failure?.violations[0], tally }));
    return failure === undefined;
  }
  for (const [name, number] of Object.entries(tally)) say(`${name}: ${number}`);
  say(`${seeds} seeds from ${from} on`);
  if (failure !== undefined) say(await describeFailure(failure));
  return failure === undefined;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '2000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      scenario: { type: 'string' },
      with: { type: 'string', default: '{}' },
      plant: { type: 'string' },
      brief: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return true;
  }
  // The engine is loaded after this: what is planted must be there by then.
  if (values.plant !== undefined) plant(values.plant);
  const { scenario, seed } = values;
  if (scenario !== undefined) return playOne(scenario);
  return seed === undefined ? playMany(values) : playOne(`{"seed":${seed}}`);
}

process.exitCode = (await main()) ? 0 : 1;
