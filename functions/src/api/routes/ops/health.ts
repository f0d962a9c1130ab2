import { z } from 'zod';
import { slotsToRead } from '#outbox';
import { timeOf } from '../../documents.ts';
import { timeText } from '../../fields.ts';
import { pauseDocument, showPause } from './job-documents.ts';
import { isLate } from '../../../doctor/index.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

const healthDocument = z.strictObject({
  checkedAt: timeText,
  late: z.boolean(),
  /** The scheduled sweep: when it last came to its end, if it did within 24 hours. */
  lastTick: z.strictObject({ endedAt: timeText.optional(), late: z.boolean() }),
  oldestDue: z
    .strictObject({ jobId: z.string(), jobType: z.string(), dueAt: timeText, ageMs: z.int() })
    .optional(),
  deadLetters: z.int(),
  pauses: z.array(pauseDocument),
});

export const getHealth = defineOpsRoute({
  method: 'GET',
  path: '/v1/ops/health',
  operationId: 'getHealth',
  summary: 'Whether jobs are run in time, how many are dead letters, and what is paused.',
  params: nothing,
  query: nothing,
  refusals: [],
  answers: {
    200: [
      '`late`: a job is due for so long that two ticks have come since; `lastTick.late`: two should have.',
      healthDocument,
    ],
  },
  handle: async ({ ops }) => {
    const { pauses, slots = ops.slots, readAtMs } = await ops.store.readControls();
    const read = [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
    const [oldest, deadLetters, lastTickMs] = await Promise.all([
      ops.jobs.oldestDue(read, readAtMs),
      ops.jobs.countDeadLetters(),
      ops.metrics.lastTickMs(),
    ]);
    const body = {
      checkedAt: timeOf(readAtMs),
      late: oldest !== undefined && isLate(oldest.dueAtMs, readAtMs, ops.nextTickMs),
      lastTick: {
        endedAt: lastTickMs === undefined ? undefined : timeOf(lastTickMs),
        late: lastTickMs === undefined || isLate(lastTickMs, readAtMs, ops.nextTickMs),
      },
      oldestDue: oldest && {
        jobId: oldest.jobId,
        jobType: oldest.jobType,
        dueAt: timeOf(oldest.dueAtMs),
        ageMs: readAtMs - oldest.dueAtMs,
      },
      deadLetters,
      pauses: pauses.map(showPause),
    };
    return { status: 200, body };
  },
});
