import { type PlantedFiles } from './planted-project.ts';

const domain = ['kernel', 'outbox', 'events'];
const sides = ['notifications', 'transports', 'webhooks', 'timeline', 'operations', 'metrics'];
const slices = ['features/invoices', 'features/matters'];
const edge = ['audit', 'api', 'entrypoints', 'composition'];
export const modules = [...domain, ...slices, ...sides, ...edge];

/** The arrows as the design draws them, written down here a second time on purpose. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  outbox: ['kernel'],
  events: ['kernel', 'outbox'],
  'features/invoices': ['kernel', 'events'],
  'features/matters': ['kernel', 'events'],
  ...Object.fromEntries(sides.map((side) => [side, domain])),
  audit: ['kernel'],
  api: [...domain, ...sides, 'audit'],
  entrypoints: ['kernel', 'composition'],
  composition: modules,
};

export const others = (module: string): string[] => modules.filter((other) => other !== module);

/** The file in which `module` imports the door of `other`. */
export const nameArrow = (module: string, other: string): string =>
  `functions/src/${module}/to-${other.replace('/', '-')}.ts`;

export function plantArrows(): PlantedFiles {
  const doors = modules.map((module) => [
    `functions/src/${module}/index.ts`,
    `export const name = '${module}';\n`,
  ]);
  const arrows = modules.flatMap((module) =>
    others(module).map((other) => {
      const up = '../'.repeat(module.split('/').length);
      return [nameArrow(module, other), `export { name } from '${up}${other}/index.ts';\n`];
    }),
  );
  return Object.fromEntries([...doors, ...arrows]) as PlantedFiles;
}

interface Plant {
  readonly from: string;
  readonly imports: string;
  readonly rule: string;
}

export const src = 'functions/src';
export const mistakes: readonly Plant[] = [
  { from: `${src}/events/past-the-door.ts`, imports: '../outbox/model.ts', rule: 'door-only' },
  {
    from: `${src}/composition/past-the-door.ts`,
    imports: '../features/matters/rules.ts',
    rule: 'door-only',
  },
  {
    from: `${src}/events/past-the-second-door.ts`,
    imports: '../outbox/firestore/row.ts',
    rule: 'door-only',
  },
  {
    from: `${src}/outbox/admin.ts`,
    imports: 'firebase-admin/firestore',
    rule: 'firebase-admin-in-adapters',
  },
  {
    from: `${src}/features/matters/admin.ts`,
    imports: 'firebase-admin/app',
    rule: 'firebase-admin-in-adapters',
  },
  {
    from: `${src}/api/logging.ts`,
    imports: '@google-cloud/logging',
    rule: 'firebase-admin-in-adapters',
  },
  {
    from: `${src}/outbox/functions.ts`,
    imports: 'firebase-functions/v2',
    rule: 'firebase-functions-at-the-edge',
  },
  {
    from: `${src}/events/firestore/functions.ts`,
    imports: 'firebase-functions/v2/https',
    rule: 'firebase-functions-at-the-edge',
  },
  { from: `${src}/index.ts`, imports: './outbox/index.ts', rule: 'index-only-exports' },
  { from: `${src}/outbox/lost.ts`, imports: './nowhere.ts', rule: 'no-unresolvable' },
  { from: `${src}/outbox/vague.ts`, imports: './utils/dates.ts', rule: 'no-vague-names' },
  {
    from: `${src}/outbox/tested.ts`,
    imports: './testing/contract.ts',
    rule: 'no-test-code-in-product',
  },
  {
    from: `${src}/events/tested.ts`,
    imports: '../outbox/testing/index.ts',
    rule: 'no-test-code-in-product',
  },
  {
    from: `${src}/composition/in-memory.ts`,
    imports: '#outbox/memory',
    rule: 'no-test-code-in-product',
  },
  {
    from: `${src}/outbox/testing/knows-events.ts`,
    imports: '../../events/index.ts',
    rule: 'outbox-stands-alone',
  },
  {
    from: `${src}/outbox/knows-a-feature.test.ts`,
    imports: '../features/matters/rules.ts',
    rule: 'outbox-stands-alone',
  },
  {
    from: `${src}/composition/api-at-once.ts`,
    imports: '../api/index.ts',
    rule: 'api-on-first-use',
  },
  {
    from: `${src}/audit/channels/at-once.ts`,
    imports: '@google-cloud/logging',
    rule: 'cloud-logging-and-storage-on-first-use',
  },
  { from: 'cli/main.ts', imports: '../functions/src/api/index.ts', rule: 'contract-only' },
  { from: 'client/code.ts', imports: '../functions/src/api/index.ts', rule: 'contract-only' },
  { from: 'example/code.ts', imports: '../functions/src/api/index.ts', rule: 'contract-only' },
  { from: 'client/schemas.ts', imports: 'zod', rule: 'client-stands-alone' },
];

/** What stands close to a mistake and is none. */
export const innocent: readonly Omit<Plant, 'rule'>[] = [
  { from: `${src}/events/second-door.ts`, imports: '../outbox/firestore/index.ts' },
  { from: `${src}/composition/slice-events.ts`, imports: '../features/matters/events.ts' },
  { from: `${src}/outbox/firestore/admin.ts`, imports: 'firebase-admin/firestore' },
  { from: `${src}/features/matters/firestore.ts`, imports: 'firebase-admin/firestore' },
  { from: `${src}/notifications/channels/admin.ts`, imports: 'firebase-admin/messaging' },
  { from: `${src}/audit/channels/admin.ts`, imports: 'firebase-admin/app' },
  { from: `${src}/composition/admin.ts`, imports: 'firebase-admin/app' },
  { from: `${src}/composition/functions.ts`, imports: 'firebase-functions/params' },
  { from: `${src}/entrypoints/functions.ts`, imports: 'firebase-functions/v2/https' },
  { from: `${src}/events/anything.test.ts`, imports: '../features/matters/rules.ts' },
  { from: `${src}/events/testing/anything.ts`, imports: '../../api/index.ts' },
  { from: `${src}/notifications/in-memory.test.ts`, imports: '#outbox/memory' },
  { from: `${src}/outbox/memory/anything.ts`, imports: '../testing/contract.ts' },
  { from: 'client/firebase.ts', imports: 'firebase/functions' },
  { from: 'test/rules/anything.ts', imports: '../../functions/src/outbox/model.ts' },
];

const importedFiles: readonly string[] = [
  `${src}/outbox/model.ts`,
  `${src}/outbox/firestore/index.ts`,
  `${src}/outbox/firestore/row.ts`,
  `${src}/outbox/utils/dates.ts`,
  `${src}/outbox/testing/contract.ts`,
  `${src}/outbox/testing/index.ts`,
  `${src}/outbox/memory/index.ts`,
  `${src}/features/matters/rules.ts`,
  `${src}/features/matters/events.ts`,
];

export function plantMistakes(): PlantedFiles {
  const importing = [...mistakes, ...innocent].map(({ from, imports }) => [
    from,
    `import '${imports}';\n`,
  ]);
  const imported = importedFiles.map((path) => [path, `export const path = '${path}';\n`]);
  const ring = [
    [`${src}/outbox/ring.ts`, "import './ring-back.ts';\n"],
    [`${src}/outbox/ring-back.ts`, "import './ring.ts';\n"],
  ];
  const orphan = [`${src}/outbox/left-over.ts`, 'export const nobody = 1;\n'];
  return Object.fromEntries([...importing, ...imported, ...ring, orphan]) as PlantedFiles;
}
