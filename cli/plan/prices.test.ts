import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FACTS } from './facts.ts';
import { LOAD_TERMS } from './load.ts';
import type { Load } from './load.ts';
import { plan } from './plan.ts';

const usual = Object.fromEntries(
  LOAD_TERMS.map(({ name, otherwise }) => [name, otherwise]),
) as unknown as Load;
const load = { ...usual, events: 10_000 };
const MONTH_S = 30 * 86_400;

function valuesAt(facts: typeof FACTS): ReadonlyMap<string, number> {
  const { rates, capacity, costs } = plan(load, facts);
  return new Map([...rates, ...capacity, ...costs].map(({ key, value }) => [key, value]));
}

const values = valuesAt(FACTS);
const value = (key: string): number => values.get(key) ?? Number.NaN;
/** Of each, with ten events at a time in an instance of the trigger; a worker's is its own. */
const instances = {
  trigger: value('inTrigger') / 10,
  workers: value('swept') / value('workerRate'),
};

test.each([
  ['readPrice', value('reads') * MONTH_S],
  ['writePrice', value('writes') * MONTH_S],
  ['deletePrice', value('deletes') * MONTH_S],
  ['storagePrice', value('gibibytes') * 720],
  ['requestPrice', value('taken') * MONTH_S],
  ['cpuPrice', (instances.trigger + instances.workers) * MONTH_S],
  ['memoryPrice', (instances.trigger * 0.25 + instances.workers * 0.5) * MONTH_S],
  ['schedulePrice', 2],
] as const)('a %s of twice as much is that much more in all', (name, billed) => {
  const { value: price } = FACTS[name];
  const dearer = { ...FACTS, [name]: { ...FACTS[name], value: 2 * price } };
  const more = valuesAt(dearer).get('cost')! - value('cost');
  expect(more / (billed * price)).toBeCloseTo(1, 6);
});

test('the prices are those of the table in docs/how-to/plan-capacity.md', () => {
  const page = readFileSync(new URL('../../docs/how-to/plan-capacity.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+Price)` *\| \$([\d.]+) *\| ([\d,]+) /gm)];
  const listed = rows.map(([, name, dollars, per]) => [
    name,
    Number(dollars) / Number(per?.replaceAll(',', '')),
  ]);
  const planned = Object.entries(FACTS).filter(([name]) => name.endsWith('Price'));
  expect(listed).toEqual(planned.map(([name, fact]) => [name, expect.closeTo(fact.value, 12)]));
});
