import { z } from 'zod';
import { slotsToRead } from '#outbox';
import { timeOf } from '../../documents.ts';
import { timeText } from '../../fields.ts';
import { pauseDocument, showPause } from './job-documents.ts';
import { isLate } from './late.ts';
import { defineOpsRoute, nothing } from './ops-route.ts';

const healthDocument = z.strictObject({
  checkedAt: timeText,
  late: z.boolean(),
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
    200: ['`late`: a job is due for so long that two ticks have come since.', healthDocument],
  },
  handle: async ({ ops }) => {
    const { pauses, slots = ops.slots, readAtMs } = await ops.store.readControls();
    const read = [...slotsToRead('normal', slots), ...slotsToRead('bulk', slots)];
    const [oldest, deadLetters] = await Promise.all([
      ops.jobs.oldestDue(read, readAtMs),
      ops.jobs.countDeadLetters(),
    ]);
    const body = {
      checkedAt: timeOf(readAtMs),
      late: oldest !== undefined && isLate(oldest.dueAtMs, readAtMs, ops.nextTickMs),
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
