import type { JobEnd } from '#outbox';

/** 2030-01-01, at the beginning of a window. */
export const AT = 1_893_456_000_000;

/** A job that the trigger sent at once. */
export function anEnd(said: Partial<JobEnd> = {}): JobEnd {
  return {
    jobId: 'notif:org1:event1',
    jobType: 'notif',
    eventId: 'event1',
    eventType: 'invoice.sent',
    by: 'trigger',
    end: 'sent',
    isBulk: false,
    ranMs: 20,
    waitedMs: 80,
    ageMs: 100,
    atMs: AT,
    ...said,
  };
}

/** Numbers from 0 to 1 that are the same every time (a linear congruential generator). */
export function evenly(count: number): number[] {
  let state = 42;
  return Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  });
}
