import { z } from 'zod';
import type { EventQueries } from '#events/firestore';
import type { ArchiveDeps, ArchiveVerifyPlace, IntegrityState } from '#events';
import { createIntegrity, verifyArchivePage } from '#events';
import { isEntityId } from '#kernel';
import type { OperationKind, StepResult } from '../operation-kind.ts';
import { readCursor } from './read-cursor.ts';
import type { VerifyPlace } from './verify-place.ts';
import { verifyPlace } from './verify-place.ts';

type IntegrityDeps = Omit<Parameters<typeof createIntegrity>[0], 'pageSize'>;

interface Params {
  readonly orgId: string;
  readonly archived?: true | undefined;
}

interface VerifyDeps {
  readonly integrity: IntegrityDeps;
  readonly archives: Pick<ArchiveDeps, 'source' | 'storage'>;
  readonly events: Pick<EventQueries, 'count'>;
}

/**
 * Verifies that a tenant’s log is as it was written, and changes nothing. Every event is looked at twice: in the
 * order of the ids, and in the order of time. Then, where it is asked for, what is in the archive, once; else it
 * says how much was not looked at.
 */
export function verify(deps: VerifyDeps): OperationKind<Params> {
  return {
    kind: 'verify',
    params: z.strictObject({
      orgId: z.string().refine(isEntityId, 'expected an organization’s id'),
      archived: z.literal(true).optional(),
    }),
    estimate: async ({ orgId }) => 2 * (await deps.events.count({ orgId })).total,
    step: async ({ params, cursor, limit }) => {
      const place = cursor === undefined ? undefined : readCursor(verifyPlace, cursor);
      return place?.phase === 'archive'
        ? archiveStep(deps, params, place.at, limit)
        : logStep(deps, params, place, limit);
    },
  };
}

async function logStep(
  { integrity: parts, archives }: VerifyDeps,
  { orgId, archived }: Params,
  before: IntegrityState | undefined,
  limit: number,
): Promise<StepResult> {
  const { source, read } = counted(parts.source);
  const integrity = createIntegrity({ ...parts, source, pageSize: limit });
  const { state, findings } = await integrity.verifyPage(before ?? integrity.start(orgId));
  const { rows: seen, reads } = read();
  const page = { seen, done: 0, reads, findings };
  if (state.phase !== 'done') return { ...page, cursor: JSON.stringify(state) };
  const place: VerifyPlace = { phase: 'archive', at: {} };
  if (archived === true) return { ...page, cursor: JSON.stringify(place) };
  const events = (await archives.source.state(orgId)).state?.events ?? 0;
  const skipped = events === 0 ? {} : { 'only-in-the-archive': events };
  return { ...page, reads: reads + 1, skipped, cursor: undefined };
}

async function archiveStep(
  { integrity: { atNewest }, archives }: VerifyDeps,
  { orgId }: Params,
  place: ArchiveVerifyPlace,
  limit: number,
): Promise<StepResult> {
  const asked = { orgId, place, limit };
  const { next, ...page } = await verifyArchivePage({ ...archives, atNewest }, asked);
  const at: VerifyPlace | undefined = next && { phase: 'archive', at: next };
  return { ...page, done: 0, cursor: at && JSON.stringify(at) };
}

/** A source that says what was read of it: rows of the log, and documents in all. */
function counted(source: IntegrityDeps['source']) {
  let rows = 0;
  let beside = 0;
  const counting: IntegrityDeps['source'] = {
    rowsById: (part, make) =>
      source.rowsById(part, (page) => {
        const made = make(page);
        // It may be made out again.
        rows = page.rows.length;
        beside = made.paths.length;
        return made;
      }),
    rowsByTime: async (part) => {
      const found = await source.rowsByTime(part);
      rows = found.length;
      return found;
    },
  };
  return { source: counting, read: () => ({ rows, reads: rows + beside }) };
}
