import type { DocumentWrite } from '#kernel';
import { RefusedCommitError } from '../../../memory/memory-documents.ts';
import { DEFAULT_RETRY_POLICY } from '../../../model/retry-policy.ts';
import { recordPendingJob } from '../../../record/record-job.ts';
import { askFor } from '../asks.ts';
import type { Cause } from '../job-types.ts';
import { drawJobs, jobTypeOf, policyOf } from '../job-types.ts';
import { UnavailableError } from '../process.ts';
import { settingsOf } from '../scenario.ts';
import type { World } from '../world.ts';
import { drawTime } from './draw-time.ts';

/** Where the world keeps what happened. */
export const EVENTS = 'domain_events';

const MAX_TRIES = 3;

/** Clients: each emits one event with its jobs, and tries again if it gets no answer. */
export function addClients(world: World): void {
  const random = world.random.fork('clients');
  for (let number = 1; number <= world.scenario.events; number += 1) {
    world.at(drawTime(world, random), `client ${number} calls`, () => {
      world.start(`client ${number}`, emit(world, `event${number}`));
    });
  }
}

async function emit(world: World, eventId: string): Promise<void> {
  const process = world.process(`client of ${eventId}`);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      await process.stop('request', 'emit', { canFail: true });
      // A transaction: what it reads and what it writes is of one moment.
      world.documents.commit(planEvent(world, eventId).map((write) => ({ write })));
      await process.stop('answer', 'emit answered', { canFail: true });
      return;
    } catch (error) {
      if (error instanceof RefusedCommitError && error.reason === 'exists') return;
      if (!(error instanceof UnavailableError)) throw error;
    }
  }
}

/** The event, its jobs and its stream's new version, for one commit. */
function planEvent(world: World, eventId: string): DocumentWrite[] {
  const { scenario, random, documents } = world;
  const chance = random.fork(eventId);
  const orgId = `org${chance.int(1, scenario.tenants)}`;
  const isStreamed = chance.chance(scenario.streamShare);
  const entityId = `entity${chance.int(1, scenario.streams)}`;
  const head = `streams/${entityId}`;
  const version = Number(documents.get(head)?.data['version'] ?? 0) + 1;
  const entity = isStreamed ? { id: entityId, version } : undefined;
  const rows = jobRows({ eventId, orgId, entity }, world, chance);
  const jobIds = rows.map(({ path }) => path.slice(path.indexOf('/') + 1));
  return [
    { kind: 'create', path: `${EVENTS}/${eventId}`, data: { jobIds } },
    ...(isStreamed ? [{ kind: 'set', path: head, data: { version } } as const] : []),
    ...rows,
  ];
}

function jobRows(cause: Cause, world: World, random: World['random']): DocumentWrite[] {
  const { slots } = settingsOf(world.scenario);
  return drawJobs(cause, world.scenario, random).map((drawn) => {
    const job = askFor(world, drawn);
    const type = jobTypeOf(job.jobType);
    const { maxAttempts } = type === undefined ? DEFAULT_RETRY_POLICY : policyOf(type);
    return recordPendingJob(job, { slots, maxAttempts });
  });
}
