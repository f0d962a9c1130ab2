import { formatTable } from '../output/table.ts';
import { formatDuration } from '../output/text.ts';
import type { Fact } from './facts.ts';
import { LOAD_TERMS } from './load.ts';
import type { OutagePlan, OutageRun } from './outage.ts';
import type { Answer, Limit, Plan } from './plan.ts';

/** A plan for people; `width` of the line, where there is one. */
export function showPlan(plan: Plan, width: number | undefined): string {
  const { load, rates, capacity, costs, limits, facts } = plan;
  return [
    `Load: ${LOAD_TERMS.map(({ name }) => `${name} ${formatNumber(load[name])}`).join(', ')}`,
    showAnswers('a second', rates, width),
    showAnswers('it takes', capacity, width),
    showAnswers('a month', costs, width),
    showLimits(limits, width),
    showFacts(facts, width),
    'Without free tiers, discounts, taxes, network, logs and Cloud Storage; notifications are kept and not counted.',
  ].join('\n\n');
}

function showAnswers(title: string, answers: readonly Answer[], width: number | undefined): string {
  return formatTable<Answer>(
    [
      { title, read: (answer) => answer.title },
      { title: '', align: 'right', read: ({ value, unit }) => withUnit(value, unit) },
      { title: 'name', read: ({ key }) => key },
      { title: 'formula', read: ({ formula }) => formula },
    ],
    answers,
    width,
  );
}

function showLimits(limits: readonly Limit[], width: number | undefined): string {
  return formatTable<Limit>(
    [
      { title: 'what breaks first', read: ({ title }) => title },
      { title: 'at events/s', align: 'right', read: ({ reachedAt }) => formatReach(reachedAt) },
      { title: 'now', align: 'right', read: ({ used }) => formatNumber(used) },
      { title: 'limit', align: 'right', read: ({ limit }) => formatNumber(limit) },
      { title: 'formula', read: ({ usedFormula: u, limitFormula: l }) => `${u} > ${l}` },
      { title: 'beyond it', read: ({ beyond }) => beyond },
    ],
    limits,
    width,
  );
}

function showFacts(facts: Readonly<Record<string, Fact>>, width: number | undefined): string {
  return formatTable<[string, Fact]>(
    [
      { title: 'rests on', read: ([name]) => name },
      { title: '', align: 'right', read: ([, { value, unit }]) => withUnit(value, unit) },
      { title: 'what', read: ([, { what }]) => what },
      { title: 'source', read: ([, { source }]) => source },
    ],
    Object.entries(facts),
    width,
  );
}

/** How long a sink may be away, for people. */
export function showOutage(name: string, plan: OutagePlan, width: number | undefined): string {
  const { policy, runs, safeMs, firstReason, expiredMs, certainMs } = plan;
  const table = formatTable<OutageRun>(
    [
      { title: 'run', align: 'right', read: ({ attempt }) => attempt },
      { title: 'earliest after', align: 'right', read: (run) => formatDuration(run.earliestMs) },
      { title: 'latest after', align: 'right', read: (run) => formatDuration(run.latestMs) },
    ],
    runs,
    width,
  );
  return [
    `A sink under the policy "${name}" (${policy.maxAttempts} runs):`,
    `  away for up to ${formatDuration(safeMs)}: no dead letters. Then the first may be ${firstReason}.`,
    `  away for over ${formatDuration(certainMs)}: every job that was due when it went is one, unless its circuit opened.`,
    table,
    `While its circuit is open no attempt is spent; but a job that is then older than ${formatDuration(expiredMs)} may be expired.`,
  ].join('\n');
}

function withUnit(value: number, unit: string): string {
  if (unit === '$') return `$${formatNumber(value, value >= 0.01 || value === 0)}`;
  return unit === '' || unit.startsWith('/')
    ? `${formatNumber(value)}${unit}`
    : `${formatNumber(value)} ${unit}`;
}

function formatReach(events: number): string {
  return Number.isFinite(events) ? formatNumber(Number(events.toPrecision(2))) : 'never';
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** Three digits that say something, or all of a whole number. */
function formatNumber(value: number, isMoney = false): string {
  if (isMoney) return cents.format(value);
  return Math.abs(value) >= 100 ? whole.format(value) : short.format(value);
}
