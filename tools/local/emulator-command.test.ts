import { expect, test } from '@jest/globals';
import { buildEmulatorEnvironment } from './emulator-command.ts';

test('keeps credentials, other emulators and the settings of a test run away from the functions', () => {
  const environment = buildEmulatorEnvironment(
    {
      PATH: '/bin',
      HOME: '/home/somebody',
      GOOGLE_APPLICATION_CREDENTIALS: '/secret.json',
      FIRESTORE_EMULATOR_HOST: '127.0.0.1:1',
      FIREBASE_TOKEN: 'secret',
      NODE_OPTIONS: '--experimental-vm-modules',
      OUTBOX_LEASE_MS: '5',
    },
    '/tmp/run',
  );
  expect(environment).toMatchObject({ PATH: '/bin', HOME: '/home/somebody', TMPDIR: '/tmp/run' });
  for (const name of [
    'GOOGLE_APPLICATION_CREDENTIALS',
    'FIRESTORE_EMULATOR_HOST',
    'FIREBASE_TOKEN',
    'NODE_OPTIONS',
    'OUTBOX_LEASE_MS',
  ]) {
    expect(environment).not.toHaveProperty(name);
  }
});
