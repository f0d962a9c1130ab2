import { describe, expect, test } from '@jest/globals';
import { buildRunConfig, formatSettings } from './emulator-config.ts';
import { readWantedPorts } from './project-config.ts';

const config = {
  functions: [{ source: 'functions', runtime: 'nodejs24', predeploy: ['npm run build'] }],
  firestore: { rules: 'firestore.rules' },
  hosting: { public: 'hosting', rewrites: [{ source: '/v1/**' }] },
  emulators: {
    singleProjectMode: true,
    functions: { port: 5001 },
    firestore: { port: 8080, websocketPort: 9150 },
    auth: { port: 9099 },
  },
};
const ports = {
  functions: 1,
  firestore: 2,
  firestoreWebsocket: 3,
  auth: 4,
  hosting: 5,
  hub: 6,
  logging: 7,
  eventarc: 8,
  tasks: 9,
};

describe('buildRunConfig', () => {
  test('points from the run folder to the functions, the settings, the rules and the pages', () => {
    expect(buildRunConfig(config, '/project', ports)).toMatchObject({
      functions: [{ source: 'functions', configDir: 'settings', runtime: 'nodejs24' }],
      firestore: { rules: '/project/firestore.rules' },
      hosting: { public: 'hosting', rewrites: [{ source: '/v1/**' }] },
    });
  });

  test('gives every emulator its own port, and starts no UI', () => {
    expect(buildRunConfig(config, '/project', ports)).toMatchObject({
      emulators: {
        functions: { port: 1 },
        firestore: { port: 2, websocketPort: 3 },
        auth: { port: 4 },
        hosting: { port: 5 },
        hub: { port: 6 },
        logging: { port: 7 },
        eventarc: { port: 8 },
        tasks: { port: 9 },
        ui: { enabled: false },
      },
    });
  });
});

test('formatSettings quotes what a dotenv reader would split', () => {
  expect(formatSettings({ OUTBOX_LEASE_MS: '1000', OUTBOX_SCHEDULE: '*/2 * * * *' })).toBe(
    'OUTBOX_LEASE_MS="1000"\nOUTBOX_SCHEDULE="*/2 * * * *"\n',
  );
});

test('readWantedPorts reads the ports of firebase.json and leaves out what it does not name', () => {
  expect(readWantedPorts(config)).toEqual({
    functions: 5001,
    firestore: 8080,
    firestoreWebsocket: 9150,
    auth: 9099,
  });
});
