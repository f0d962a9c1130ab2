export interface Step {
  /** What `npm test -- <name>` asks for. */
  readonly name: string;
  /** The script of package.json that does it. */
  readonly script: string;
  /** Counts the tests of a Jest run; the other steps count as one. */
  readonly isJest: boolean;
}

/** Cheap and local first, so that the first failure comes soon; what needs emulators last. */
const steps: readonly Step[] = [
  check('format', 'format:check'),
  check('lint'),
  check('types'),
  check('arrows'),
  check('unused'),
  jest('unit'),
  jest('checks'),
  jest('firestore'),
  jest('faults'),
  check('build'),
  jest('deploy'),
  jest('system'),
];

function check(name: string, script = name): Step {
  return { name, script, isJest: false };
}

function jest(name: string): Step {
  return { name, script: `test:${name}`, isJest: true };
}

/** The steps with these names, in their usual order; all of them when none is named. */
export function chooseSteps(names: readonly string[]): readonly Step[] {
  const known = steps.map((step) => step.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no step "${unknown.join('", "')}". Steps: ${known.join(', ')}.`);
  }
  return names.length === 0 ? steps : steps.filter((step) => names.includes(step.name));
}
