import type { Firestore } from 'firebase-admin/firestore';
import type { Api, ApiDeps, VerifyToken } from '../api/index.ts';
import type { Logger } from '#kernel';
import { systemClock, systemIds } from '#kernel';
import { createDocumentReader, createRunTransaction } from '#kernel/firestore';
import { createEventJobs, createJobQuestions } from '#outbox/firestore';
import type { Audited, SendAudit } from '../audit/index.ts';
import type { Doctor } from '../doctor/index.ts';
import { matterOf, matterPath } from '../features/matters/index.ts';
import { findOrganizations, listTenants } from '../features/organizations/firestore.ts';
import { readRole } from '../features/organizations/index.ts';
import { buildAudited } from './audit.ts';
import { createArchiveQuestions } from './archive.ts';
import { catalog } from './catalog.ts';
import type { Backend } from './create-backend.ts';
import { describeEvents, describeJobs } from './describe.ts';
import { headPathOf } from './head-paths.ts';
import { PROJECTIONS } from './projections.ts';
import type { Surroundings } from './surroundings.ts';

/** Wires the HTTP API; loads what only it needs. */
export async function buildApi(deps: {
  readonly backend: Backend;
  readonly verifyToken: VerifyToken;
  readonly rateLimit: ApiDeps['rateLimit'];
  /** Where the operators' changes are told of, besides `audit_log`. */
  readonly sendAudit: SendAudit;
  /** Where it runs: what the doctor looks at besides. */
  readonly surroundings: Surroundings;
  readonly region: string;
  readonly logger: Logger;
}): Promise<Api> {
  const { backend, verifyToken, rateLimit, sendAudit, logger } = deps;
  const [{ createApi }, { buildDoctor }] = await Promise.all([
    import('../api/index.ts'),
    import('./doctor.ts'),
  ]);
  const { firestore, events, streams, customTypes } = backend;
  return createApi({
    ...createPeople(firestore),
    verifyToken,
    events,
    streams,
    headPathOf,
    archives: createArchiveQuestions(firestore, backend.settings.archive.bucket),
    jobs: createEventJobs(firestore),
    // What is not of its type is for emitting to refuse.
    emit: (event) => backend.emit(event as never),
    emitBatch: (batch) => backend.emitBatch(batch as never),
    catalog,
    builtInTypes: describeEvents,
    customTypes,
    ops: createOps(backend, buildAudited(firestore, logger, sendAudit), buildDoctor(deps)),
    rateLimit,
    logger,
  });
}

function createOps(backend: Backend, audited: Audited, doctor: Doctor): ApiDeps['ops'] {
  const { firestore, settings, store, operations, metricsStore: metrics, alerts } = backend;
  const { processor, policy, nextTickMs } = settings;
  const jobs = createJobQuestions(firestore);
  const { slots } = processor;
  const subscriptions = describeJobs(policy);
  const projections = PROJECTIONS.map(({ id }) => id);
  const about = { subscriptions, projections, slots, nextTickMs };
  const tenants: ApiDeps['ops']['tenants'] = (page) => listTenants(firestore, page);
  return { jobs, tenants, store, audited, doctor, operations, metrics, alerts, ...about };
}

/** Holds callers to so many calls a minute, over all instances. */
export async function buildRateLimit(
  firestore: Firestore,
  perMinute: number,
): Promise<ApiDeps['rateLimit']> {
  const { createRateLimit } = await import('../api/index.ts');
  const runTransaction = createRunTransaction(firestore);
  return createRateLimit({ runTransaction, ids: systemIds, clock: systemClock, perMinute });
}

function createPeople(
  firestore: Firestore,
): Pick<ApiDeps, 'roleOf' | 'organizationsOf' | 'mattersAmong'> {
  const reader = createDocumentReader(firestore);
  return {
    roleOf: (orgId, uid) => readRole(reader, orgId, uid),
    organizationsOf: (uid) => findOrganizations(firestore, uid, 2),
    mattersAmong: async (orgId, uid, matterIds) => {
      const documents = await reader.getAll(matterIds.map((matterId) => matterPath(matterId)));
      const own = matterIds.filter((_, index) => {
        const matter = matterOf(documents[index]?.data, orgId);
        return matter?.memberUids.includes(uid) === true;
      });
      return new Set(own);
    },
  };
}
