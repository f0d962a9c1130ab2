import { expect, test } from '@jest/globals';
import { readSurroundings } from './surroundings.ts';

const env = { GCLOUD_PROJECT: 'p1', K_SERVICE: 'api', OUTBOX_PAGE_SIZE: '7', PHONE_HASH_KEY: 'x' };

test('in the emulator no project is real', () => {
  const { isEmulator, project } = readSurroundings({ ...env, FUNCTIONS_EMULATOR: 'true' });
  expect([isEmulator, project]).toEqual([true, undefined]);
});

test('a project has its parameters and its secrets by name, and none of their values', () => {
  const { project, service, isEmulator, missingParameters } = readSurroundings(env);
  expect([project?.projectId, service, isEmulator]).toEqual(['p1', 'api', false]);
  expect(missingParameters).toContain('OUTBOX_SCHEDULE');
  expect(missingParameters).not.toContain('OUTBOX_PAGE_SIZE');
  expect(missingParameters).not.toContain('PHONE_HASH_KEY');
  expect(project?.secrets).toEqual(
    expect.arrayContaining(['STRIPE_WEBHOOK_SECRETS', 'PHONE_HASH_KEY']),
  );
  expect(project?.secrets).not.toContain('OUTBOX_SCHEDULE');
  expect(Object.keys(project?.schedules ?? {})).toEqual(['outboxProcessor', 'dailyMaintenance']);
});

test('where nobody says which project it is, all else goes on without', () => {
  expect(readSurroundings({})).toMatchObject({ isEmulator: false, project: undefined });
});
