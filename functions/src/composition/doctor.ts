import type { Logger } from '#kernel';
import { createDocumentReader } from '#kernel/firestore';
import { machineTimeMs, SECOND_MS, systemClock, PLATFORM } from '#kernel';
import { createJobQuestions } from '#outbox/firestore';
import type { Doctor, Look, NeededIndexes, Unseen } from '../doctor/index.ts';
import {
  createDoctor,
  createGoogleApi,
  lookAtInstance,
  lookAtProject,
  lookAtWork,
} from '../doctor/index.ts';
import declared from '../../../firestore.indexes.json' with { type: 'json' };
import { readAdmins } from '../features/organizations/index.ts';
import type { Backend } from './create-backend.ts';
import { describeJobs } from './describe.ts';
import { readSchedule, TIME_ZONE } from './schedule.ts';
import type { RealProject, Surroundings } from './surroundings.ts';

/** Of each look, all of which are made at once: somebody waits for the answer. */
const DEADLINE_MS = 10 * SECOND_MS;

/** What `firestore.indexes.json` declares; a test holds it and the queries of the code together. */
const NEEDED_INDEXES: NeededIndexes = {
  indexes: declared.indexes.map((index) => {
    return { fields: index.fields, scope: index.queryScope, collection: index.collectionGroup };
  }),
  fields: declared.fieldOverrides.map((field) => {
    const scopes = field.indexes.map(({ queryScope }) => queryScope);
    const hasTtl = 'ttl' in field && field.ttl;
    return { path: field.fieldPath, scopes, hasTtl, collection: field.collectionGroup };
  }),
};

/** What the doctor is put together of. */
export interface DoctorDeps {
  readonly backend: Backend;
  readonly surroundings: Surroundings;
  readonly region: string;
  readonly logger: Logger;
}

/** Wires the doctor of a deployment. */
export function buildDoctor(deps: DoctorDeps): Doctor {
  const { backend, surroundings, logger } = deps;
  const { firestore, store, operations, settings } = backend;
  const { nextTickMs, processor } = settings;
  const { project, isEmulator } = surroundings;
  const looks: readonly Look[] = [
    ...lookAtInstance({
      settings: {
        ...settings,
        tickEveryMs: tickEvery(nextTickMs),
        isEmulator,
      },
      runtime: surroundings,
      missingParameters: surroundings.missingParameters,
      machineTimeMs,
      readServerTimeMs: () => readServerTimeMs(backend),
    }),
    ...lookAtWork({
      store,
      jobs: createJobQuestions(firestore),
      lastTickMs: () => backend.metricsStore.lastTickMs(),
      isAlertHeard: async () => {
        const admins = await readAdmins(createDocumentReader(firestore), PLATFORM, 1);
        return admins === 'too-many' || admins.length > 0;
      },
      jobTypes: describeJobs(settings.policy).map(({ id }) => id),
      operations: async (state, limit) => (await operations.list({ state, limit })).operations,
      slots: processor.slots,
      nextTickMs,
    }),
    ...lookAtProject(project === undefined ? noProject(isEmulator) : projectOf(project, deps)),
  ];
  return createDoctor({ looks, deadlineMs: DEADLINE_MS, clock: systemClock, logger });
}

function noProject(isEmulator: boolean): Unseen {
  const whatToDo = 'Ask the doctor of a real project.';
  if (isEmulator) return { kind: 'unseen', why: 'The emulator has none to look at.', whatToDo };
  const why = 'GCLOUD_PROJECT is not set: nobody said which project this is.';
  return { kind: 'unseen', why, whatToDo: 'Deploy with the Firebase CLI, which sets it.' };
}

function projectOf(
  { projectId, accessToken, secrets, schedules }: RealProject,
  { backend, region }: DoctorDeps,
) {
  return {
    google: createGoogleApi({ fetch, accessToken }),
    projectId,
    databaseId: backend.firestore.databaseId,
    region,
    indexes: NEEDED_INDEXES,
    secrets,
    scheduled: Object.entries(schedules).map(([functionName, schedule]) => ({
      functionName,
      schedule,
      timeZone: TIME_ZONE,
      nextMs: readSchedule(schedule) ?? (() => Infinity),
    })),
    readServerTimeMs: () => readServerTimeMs(backend),
  };
}

async function readServerTimeMs({ store }: Pick<Backend, 'store'>): Promise<number> {
  return (await store.readControls()).readAtMs;
}

/** From one tick to the next, of this moment. */
function tickEvery(nextTickMs: (afterMs: number) => number): number {
  const next = nextTickMs(machineTimeMs());
  return nextTickMs(next) - next;
}
