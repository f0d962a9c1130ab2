import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

// The allowed arrows between modules (docs: "Layout"). Everything not allowed here is an error.

const source = '^functions/src';
/**
 * Test code may import whatever it checks; nothing of the product may import test code. What works in
 * memory is for tests, and is not deployed either.
 */
const testCode = String.raw`(\.test\.ts|/(?:testing|memory)/.*)$`;
const sideModules = [
  'notifications',
  'transports',
  'webhooks',
  'timeline',
  'operations',
  'metrics',
];
const domain = ['events', 'outbox', 'kernel'];

/** What each module may import beside itself. */
const arrows: Record<string, readonly string[]> = {
  kernel: [],
  outbox: ['kernel'],
  events: ['outbox', 'kernel'],
  'features/[^/]+': ['events', 'kernel'],
  ...Object.fromEntries(sideModules.map((name) => [name, domain])),
  audit: ['kernel'],
  doctor: ['outbox', 'kernel'],
  api: [...sideModules, ...domain, 'audit', 'doctor'],
  entrypoints: ['composition', 'kernel'],
};

const arrowRules: IForbiddenRuleType[] = Object.entries(arrows).map(([module, targets]) => ({
  name: `arrows-of-${module.replace('/[^/]+', '')}`,
  comment: `${module} may import only ${['itself', ...targets].join(', ')}.`,
  severity: 'error',
  from: { path: `${source}/(${module})/`, pathNot: testCode },
  to: { path: `${source}/`, pathNot: `${source}/(?:${['$1', ...targets].join('|')})/` },
}));

const doorRules: IForbiddenRuleType[] = [
  {
    name: 'door-only',
    comment: 'A module is entered by its index.ts or its second door, firestore.',
    severity: 'error',
    from: { path: String.raw`^functions/src/((?:features/)?[^/]+)/`, pathNot: testCode },
    to: {
      path: String.raw`^functions/src/(?:features/)?[^/]+/`,
      pathNot: [
        String.raw`^functions/src/$1/`,
        String.raw`^functions/src/(?:features/)?[^/]+/(?:index|firestore|firestore/index)\.ts$`,
        // A slice's events are public: the catalog is put together from them.
        String.raw`^functions/src/features/[^/]+/events\.ts$`,
      ],
    },
  },
  {
    name: 'outbox-stands-alone',
    comment:
      'The engine is a package in waiting: its tests and its doors for tests know it and the kernel only.',
    severity: 'error',
    from: { path: `${source}/outbox/` },
    to: { path: `${source}/`, pathNot: `${source}/(outbox|kernel)/` },
  },
  {
    name: 'api-on-first-use',
    comment:
      'What only the API needs is loaded by its first call: every instance of every function starts.',
    severity: 'error',
    from: { path: `${source}/composition/`, pathNot: testCode },
    to: {
      path: `${source}/api/`,
      dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'],
    },
  },
  {
    name: 'index-only-exports',
    comment:
      'functions/src/index.ts exports entry points and what composition makes public, nothing else.',
    severity: 'error',
    from: { path: String.raw`^functions/src/index\.ts$` },
    to: { pathNot: '^functions/src/(entrypoints|composition)/' },
  },
  {
    name: 'contract-only',
    comment: 'The command line tool, the console, the client and the example know contracts only.',
    severity: 'error',
    from: { path: '^(cli|console|client|example)/', pathNot: testCode },
    to: { path: '^functions/' },
  },
  {
    name: 'client-stands-alone',
    comment: 'An app takes the client as it is: nothing but Firebase’s own client comes with it.',
    severity: 'error',
    from: { path: '^client/', pathNot: testCode },
    to: { pathNot: ['^client/', '(^|/)@?firebase/'] },
  },
];

const sdkRules: IForbiddenRuleType[] = [
  {
    name: 'firebase-functions-at-the-edge',
    comment: 'firebase-functions is imported by entrypoints and composition only.',
    severity: 'error',
    from: { path: `${source}/`, pathNot: [testCode, `${source}/(entrypoints|composition)/`] },
    to: { path: '(^|/)firebase-functions(-test)?(/|$)' },
  },
  {
    name: 'firebase-admin-in-adapters',
    comment:
      'Google SDKs are imported by firestore adapters, channel adapters and composition only.',
    severity: 'error',
    from: {
      path: `${source}/`,
      pathNot: [
        testCode,
        '/firestore[^/]*(/|$)',
        `${source}/((notifications|audit)/channels|composition)/`,
      ],
    },
    to: { path: '(^|/)(firebase-admin|@google-cloud)(/|$)' },
  },
];

const lateRules: IForbiddenRuleType[] = [
  {
    name: 'cloud-logging-and-storage-on-first-use',
    comment: 'They are large, and nobody but an operator needs them.',
    severity: 'error',
    from: { path: `${source}/`, pathNot: testCode },
    to: {
      path: '(^|/)@google-cloud/(logging|storage)(/|$)',
      dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'],
    },
  },
];

const hygieneRules: IForbiddenRuleType[] = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no-orphans',
    comment: 'Nobody imports it and it imports nobody: it is left over.',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: [testCode, String.raw`^functions/src/index\.ts$`, '^(tools|cli|bench|test)/'],
    },
    to: {},
  },
  {
    name: 'no-unresolvable',
    comment: 'The rules above cannot judge what they cannot find.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-test-code-in-product',
    severity: 'error',
    from: { path: '^(functions/src|cli)/', pathNot: testCode },
    to: { path: testCode },
  },
  {
    name: 'no-vague-names',
    comment: 'Name a module after what it does; "utils", "helpers" and "common" say nothing.',
    severity: 'error',
    from: {},
    to: {
      path: String.raw`(^|/)(utils?|helpers?|common|misc)(/[^/]+|\.ts)$`,
      pathNot: 'node_modules/',
    },
  },
];

export const configuration: IConfiguration = {
  forbidden: [...arrowRules, ...doorRules, ...sdkRules, ...lateRules, ...hygieneRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Only the build's output: a looser pattern would hide firebase-admin/lib and silence its rule.
    exclude: { path: '^functions/lib/' },
    // Type imports are arrows too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};

// The command line tool asks for it by this name.
export default configuration;
