import type { LintPlant } from './lint-plant.ts';

const ambient = 'outbox(no-ambient-time-or-chance)';

/** Each of these reads the clock, chance or a timer of the machine. */
const ambientExpressions: Readonly<Record<string, string>> = {
  'date-now': 'Date.now()',
  'date-now-by-name': "Date['now']()",
  'new-date': 'new Date()',
  'date-called': 'Date()',
  'global-date-now': 'globalThis.Date.now()',
  'global-new-date': 'new globalThis.Date()',
  'math-random': 'Math.random()',
  'performance-now': 'performance.now()',
  'global-random-uuid': 'crypto.randomUUID()',
  'set-timeout': 'setTimeout(String, 1)',
  'set-interval': 'globalThis.setInterval(String, 1)',
  'abort-signal-timeout': 'AbortSignal.timeout(1)',
  hrtime: 'process.hrtime.bigint()',
};

const ambientTexts: Readonly<Record<string, string>> = {
  'random-uuid':
    "import { randomUUID } from 'node:crypto';\n\nexport const read = (): string => randomUUID();\n",
  'timers-promises':
    "import { setTimeout as wait } from 'node:timers/promises';\n\nexport const read = (): Promise<string> => wait(1, 'x');\n",
  'perf-hooks':
    "import { performance as clock } from 'node:perf_hooks';\n\nexport const read = (): number => clock.now();\n",
  'destructured-random':
    'const { random } = Math;\n\nexport const read = (): number => random();\n',
  'aliased-date': 'const Clock = Date;\n\nexport const read = (): number => Clock.now();\n',
  'timestamp-now':
    "import { Timestamp } from 'firebase-admin/firestore';\n\nexport const read = (): Timestamp => Timestamp.now();\n",
};

export const ambientPlants: readonly LintPlant[] = [
  ...Object.entries(ambientExpressions).map(([name, expression]) => ({
    name,
    rule: ambient,
    text: `export const read = (): unknown => ${expression};\n`,
  })),
  ...Object.entries(ambientTexts).map(([name, text]) => ({ name, rule: ambient, text })),
];
