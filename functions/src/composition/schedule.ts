import { Cron } from 'croner';

/** The time zone that the schedules of this deployment are read in. */
export const TIME_ZONE = 'Etc/UTC';

const FIELDS = 5;

/** When the tick after a time is scheduled; both in milliseconds since the epoch. */
export type NextTickMs = (afterMs: number) => number;

/** Reads a schedule in unix-cron, as Cloud Scheduler does; undefined where it is none. */
export function readSchedule(pattern: string): NextTickMs | undefined {
  if (pattern.trim().split(/\s+/).length !== FIELDS) return undefined;
  try {
    const cron = new Cron(pattern, { timezone: TIME_ZONE });
    // One that never comes ("30 February") is no schedule.
    if (cron.nextRun() === null) return undefined;
    return (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() ?? Infinity;
  } catch {
    return undefined;
  }
}
