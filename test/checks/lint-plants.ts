import { ambientPlants } from './ambient-plants.ts';
import type { LintPlant } from './lint-plant.ts';

function repeatLines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

const promisePlants: LintPlant[] = [
  {
    name: 'floating-promise',
    rule: 'typescript(no-floating-promises)',
    text: 'export function start(work: () => Promise<void>): void {\n  work();\n}\n',
  },
  {
    name: 'voided-promise',
    rule: 'typescript(no-floating-promises)',
    text: 'export function start(work: () => Promise<void>): void {\n  void work();\n}\n',
  },
  {
    name: 'promise-as-condition',
    rule: 'typescript(no-misused-promises)',
    text: 'export function decide(ready: () => Promise<boolean>): string {\n  return ready() ? "yes" : "no";\n}\n',
  },
  {
    name: 'async-callback',
    rule: 'typescript(no-misused-promises)',
    text: 'export function each(rows: string[], work: (row: string) => Promise<void>): void {\n  rows.forEach(async (row) => {\n    await work(row);\n  });\n}\n',
  },
  {
    name: 'await-of-a-value',
    rule: 'typescript(await-thenable)',
    text: 'export async function read(count: number): Promise<number> {\n  return await count;\n}\n',
  },
];

const typePlants: LintPlant[] = [
  {
    name: 'missing-case',
    rule: 'typescript(switch-exhaustiveness-check)',
    text: "export function act(status: 'sent' | 'failed'): void {\n  switch (status) {\n    case 'sent':\n      break;\n  }\n}\n",
  },
  {
    name: 'text-as-condition',
    rule: 'typescript(strict-boolean-expressions)',
    text: "export function decide(name: string): string {\n  return name ? 'named' : 'unnamed';\n}\n",
  },
  {
    name: 'thrown-text',
    rule: 'typescript(only-throw-error)',
    text: "export function refuse(): never {\n  throw 'no';\n}\n",
  },
  {
    name: 'explicit-any',
    rule: 'typescript(no-explicit-any)',
    text: 'export interface Row {\n  readonly value: any;\n}\n',
  },
  {
    name: 'unsafe-assignment',
    rule: 'typescript(no-unsafe-assignment)',
    text: 'export function read(text: string): string {\n  const row = JSON.parse(text);\n  return String(row);\n}\n',
  },
  {
    name: 'unsafe-member-access',
    rule: 'typescript(no-unsafe-member-access)',
    text: 'export function read(text: string): string {\n  return String(JSON.parse(text).name);\n}\n',
  },
  {
    name: 'unsafe-return',
    rule: 'typescript(no-unsafe-return)',
    text: 'export function read(text: string): string {\n  return JSON.parse(text);\n}\n',
  },
  {
    name: 'unsafe-argument',
    rule: 'typescript(no-unsafe-argument)',
    text: 'export function read(text: string): number {\n  return Number.parseInt(JSON.parse(text), 10);\n}\n',
  },
  {
    name: 'unsafe-call',
    rule: 'typescript(no-unsafe-call)',
    text: 'export function read(text: string): void {\n  JSON.parse(text)();\n}\n',
  },
  {
    name: 'non-null-assertion',
    rule: 'typescript(no-non-null-assertion)',
    text: 'export function first(rows: readonly string[]): string {\n  return rows[0]!;\n}\n',
  },
];

const sizePlants: LintPlant[] = [
  {
    name: 'long-file',
    rule: 'eslint(max-lines)',
    text: `${repeatLines(301, (index) => `export const row${String(index)} = ${String(index)};`)}\n`,
  },
  {
    name: 'long-function',
    rule: 'eslint(max-lines-per-function)',
    text: `export function act(work: () => void): void {\n${repeatLines(60, () => '  work();')}\n}\n`,
  },
  {
    name: 'complex-function',
    rule: 'eslint(complexity)',
    text: `export function act(row: number, work: () => void): void {\n${repeatLines(11, (index) => `  if (row === ${String(index)}) work();`)}\n}\n`,
  },
  {
    name: 'many-parameters',
    rule: 'eslint(max-params)',
    text: 'export function sum(a: number, b: number, c: number, d: number, e: number): number {\n  return a + b + c + d + e;\n}\n',
  },
];

const habitPlants: LintPlant[] = [
  {
    name: 'default-export',
    rule: 'import(no-default-export)',
    text: 'export default 1;\n',
  },
  {
    name: 'loose-equality',
    rule: 'eslint(eqeqeq)',
    text: 'export function same(a: string, b: string): boolean {\n  return a == b;\n}\n',
  },
  {
    name: 'console',
    rule: 'eslint(no-console)',
    text: "export function tell(): void {\n  console.log('x');\n}\n",
  },
  {
    name: 'cycle-one',
    rule: 'import(no-cycle)',
    text: "import { two } from './cycle-two.ts';\n\nexport function one(): number {\n  return two() + 1;\n}\n",
  },
  {
    name: 'cycle-two',
    rule: 'import(no-cycle)',
    text: "import { one } from './cycle-one.ts';\n\nexport function two(): number {\n  return one() + 1;\n}\n",
  },
];

export const lintPlants: readonly LintPlant[] = [
  ...promisePlants,
  ...typePlants,
  ...sizePlants,
  ...habitPlants,
  ...ambientPlants,
];
