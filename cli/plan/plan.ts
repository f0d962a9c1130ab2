import type { AnswerDefinition } from './answers.ts';
import { CAPACITY, COSTS, LIMITS, RATES } from './answers.ts';
import type { Fact, Facts } from './facts.ts';
import { evaluate, namesIn } from './formula.ts';
import type { Load } from './load.ts';
import { LOAD_TERMS } from './load.ts';

/** An answer, and how it was come by. */
export interface Answer extends AnswerDefinition {
  readonly value: number;
}

/** A limit, and when it is reached. */
export interface Limit {
  readonly title: string;
  readonly usedFormula: string;
  readonly limitFormula: string;
  readonly used: number;
  readonly limit: number;
  /** Events a second at which it is reached, the load growing as it is. 0: at any. Infinity, in JSON null: never below 100,000. */
  readonly reachedAt: number;
  readonly beyond: string;
}

/** What a load takes, costs and runs into. */
export interface Plan {
  readonly load: Load;
  readonly rates: readonly Answer[];
  readonly capacity: readonly Answer[];
  readonly costs: readonly Answer[];
  /** The first to be reached comes first. */
  readonly limits: readonly Limit[];
  /** What it rests on, by the names in the formulas. */
  readonly facts: Readonly<Record<string, Fact>>;
}

/** The largest load that anybody asks about; limits beyond it are never reached. */
const MOST_EVENTS = LOAD_TERMS.find(({ name }) => name === 'events')?.most ?? 0;
/** As near as a limit's load is looked for: a thousandth of it. */
const NEAR = 1.001;

/** Plans for a load. Pure: the same load and facts give the same plan. */
export function plan(load: Load, facts: Facts): Plan {
  const values = new Map<string, number>(Object.entries(load));
  for (const [name, { value }] of Object.entries(facts)) values.set(name, value);
  const answers = (definitions: readonly AnswerDefinition[]): Answer[] =>
    definitions.map((definition) => {
      const value = evaluate(definition.formula, values);
      values.set(definition.key, value);
      return { ...definition, value };
    });
  const rates = answers(RATES);
  const capacity = answers(CAPACITY);
  const costs = answers(COSTS);
  const limits = LIMITS.map(({ title, used, limit, beyond }) => ({
    title,
    usedFormula: used,
    limitFormula: limit,
    used: evaluate(used, values),
    limit: evaluate(limit, values),
    reachedAt: reachedAt(load, facts, { used, limit }),
    beyond,
  }));
  return {
    load,
    rates,
    capacity,
    costs,
    limits: limits.toSorted((a, b) => a.reachedAt - b.reachedAt),
    facts: factsIn(
      [...RATES, ...CAPACITY, ...COSTS].map(({ formula }) => formula),
      facts,
    ),
  };
}

/** By halving: what is used grows with the events, if not evenly. */
function reachedAt(
  load: Load,
  facts: Facts,
  limit: { readonly used: string; readonly limit: string },
): number {
  const isReached = (events: number): boolean => {
    const values = valuesFor({ ...load, events }, facts);
    return evaluate(limit.used, values) > evaluate(limit.limit, values);
  };
  if (!isReached(MOST_EVENTS)) return Infinity;
  let [below, above] = [1e-6, MOST_EVENTS];
  if (isReached(below)) return 0;
  while (above / below > NEAR) {
    const middle = Math.sqrt(above * below);
    if (isReached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

function valuesFor(load: Load, facts: Facts): ReadonlyMap<string, number> {
  const values = new Map<string, number>(Object.entries(load));
  for (const [name, { value }] of Object.entries(facts)) values.set(name, value);
  for (const { key, formula } of [...RATES, ...CAPACITY])
    values.set(key, evaluate(formula, values));
  return values;
}

function factsIn(formulas: readonly string[], facts: Facts): Readonly<Record<string, Fact>> {
  const limits = LIMITS.flatMap(({ used, limit }) => [used, limit]);
  const named = new Set([...formulas, ...limits].flatMap(namesIn));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => named.has(name)));
}
