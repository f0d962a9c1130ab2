import { existsSync, globSync } from 'node:fs';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { configuration } from '../.dependency-cruiser.ts';

// Checks the arrows between the modules of the current folder, and that the tool has seen every
// one of them: without a compiler that it knows, it finds nothing and says "no violations".

const places = ['functions/src', 'tools', 'test', 'cli', 'bench', 'client', 'example'];
const folders = places.filter((folder) => existsSync(folder));

function listSourceFiles(): string[] {
  const pattern = folders.map((folder) => `${folder}/**/*.ts`);
  const paths = globSync(pattern, { exclude: ['**/node_modules'] });
  return paths.map((path) => path.replaceAll('\\', '/'));
}

async function cruiseFolders(): Promise<ICruiseResult> {
  const { options, ...ruleSet } = configuration;
  const cruiseOptions: ICruiseOptions = { ...options, ruleSet, validate: true };
  const { output } = await cruise(folders, cruiseOptions, options?.enhancedResolveOptions);
  if (typeof output === 'string') throw new Error(`No result, but: ${output}`);
  return output;
}

const { modules, summary } = await cruiseFolders();
const seen = new Set(modules.map((module) => module.source));
const unseen = listSourceFiles().filter((path) => !seen.has(path));
const problems = [
  ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ...unseen.map((path) => `not-seen: ${path}`),
  ...(seen.size === 0 ? ['not-seen: no module at all'] : []),
];
console.log(problems.join('\n'));
console.log(`${String(seen.size)} modules seen, ${String(problems.length)} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
