import { MINUTE_MS } from '#kernel';
import type { NewJob } from '../../model/handler.ts';
import { jobId } from '../../model/job-id.ts';
import type { OutboxJob } from '../../model/job.ts';
import { isBulkSlot } from '../../model/slots.ts';
import type { World } from './world.ts';

/** A time of its own may be this long after the chaos. */
const AFTERWARDS_MINUTES = 15;

/** A job with what whoever writes it wants besides: not before a time, not before others. Always the same. */
export function askFor(
  { scenario, random, judge, scheduler }: World,
  job: NewJob,
  parent?: OutboxJob,
): NewJob {
  const { jobType, orgId, causeId, recipientUid: recipient } = job;
  const id = jobId({ jobType, orgId, causeId, recipient });
  const chance = random.fork(`asking for ${id}`);
  const isDelayed = chance.chance(scenario.delayShare);
  // Whole minutes, so that many are due at once. It may be past by then.
  const minute = chance.int(0, scenario.minutes + AFTERWARDS_MINUTES);
  const notBeforeMs = isDelayed ? scheduler.startMs + minute * MINUTE_MS : undefined;
  const isBulk = chance.chance(scenario.bulkShare);
  const goesOn = parent?.jobType === jobType && isBulkSlot(parent.slot);
  Object.assign(judge.ledger.job(id), { notBeforeMs, isBulk, goesOn });
  return {
    ...job,
    ...(notBeforeMs === undefined ? {} : { notBefore: new Date(notBeforeMs) }),
    ...(isBulk ? { priority: 'bulk' } : {}),
  };
}
