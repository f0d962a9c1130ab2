// One project per kind of test; `npm run test:unit` and its siblings choose one of them.
// Nothing is transformed: Jest 30 lets Node strip the types, so line numbers are the source's.

const node = {
  testEnvironment: 'node',
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/functions/lib/', '<rootDir>/.local/', '<rootDir>/.tools/'],
  testPathIgnorePatterns: ['/node_modules/'],
};

/** @type {import('jest').Config} */
export default {
  // Jest takes this from here only, not from a project. Tools and emulators need a while to start.
  testTimeout: 30_000,
  projects: [
    {
      ...node,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/functions/src/**/*.test.ts',
        '<rootDir>/tools/**/*.test.ts',
        '<rootDir>/cli/**/*.test.ts',
        '<rootDir>/bench/**/*.test.ts',
        '<rootDir>/client/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', '\\.firestore\\.test\\.ts$'],
    },
    {
      ...node,
      displayName: 'firestore',
      testMatch: [
        '<rootDir>/functions/src/**/*.firestore.test.ts',
        '<rootDir>/test/rules/**/*.test.ts',
      ],
      globalSetup: '<rootDir>/test/jest/start-firestore.ts',
      globalTeardown: '<rootDir>/test/jest/stop-firestore.ts',
      setupFilesAfterEnv: ['<rootDir>/test/jest/own-project-id.ts'],
    },
    {
      ...node,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
      globalSetup: '<rootDir>/test/jest/start-firestore.ts',
      globalTeardown: '<rootDir>/test/jest/stop-firestore.ts',
      setupFilesAfterEnv: ['<rootDir>/test/jest/own-project-id.ts'],
    },
    {
      ...node,
      displayName: 'checks',
      testMatch: ['<rootDir>/test/checks/**/*.test.ts'],
    },
    {
      ...node,
      displayName: 'deploy',
      testMatch: ['<rootDir>/test/deploy/**/*.test.ts'],
    },
    {
      ...node,
      displayName: 'system',
      testMatch: ['<rootDir>/test/system/**/*.test.ts', '<rootDir>/example/**/*.test.ts'],
    },
  ],
};
