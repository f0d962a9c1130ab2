import { describe, expect, test } from '@jest/globals';
import { buildRunConfig, formatSettings } from './emulator-config.ts';
import { readWantedPorts } from './project-config.ts';

const config = {
  functions: [{ source: 'functions', runtime: 'nodejs24', predeploy: ['npm run build'] }],
  firestore: { rules: 'firestore.rules' },
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
  hub: 5,
  logging: 6,
  eventarc: 7,
  tasks: 8,
};

describe('buildRunConfig', () => {
  test('points from the run folder to the functions, the settings and the rules', () => {
    expect(buildRunConfig(config, '/project', ports)).toMatchObject({
      functions: [{ source: 'functions', configDir: 'settings', runtime: 'nodejs24' }],
      firestore: { rules: '/project/firestore.rules' },
    });
  });

  test('gives every emulator its own port, and starts no UI', () => {
    expect(buildRunConfig(config, '/project', ports)).toMatchObject({
      emulators: {
        functions: { port: 1 },
        firestore: { port: 2, websocketPort: 3 },
        auth: { port: 4 },
        hub: { port: 5 },
        logging: { port: 6 },
        eventarc: { port: 7 },
        tasks: { port: 8 },
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
