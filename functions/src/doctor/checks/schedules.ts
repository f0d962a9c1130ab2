import type { Finding } from '../finding.ts';

/** A job of Cloud Scheduler. */
export interface Schedule {
  /** The last part of its name. */
  readonly id: string;
  readonly schedule: string | undefined;
  readonly timeZone: string | undefined;
  readonly state: string;
  readonly lastAttemptAtMs: number | undefined;
  /** Of its last attempt, as google.rpc.Code has it; 0: it went well. */
  readonly statusCode: number;
}

/** A function that has to be called by a schedule. */
export interface Scheduled {
  readonly functionName: string;
  readonly schedule: string;
  readonly timeZone: string;
  /** When it is called after a time; both in milliseconds since the epoch. */
  readonly nextMs: (afterMs: number) => number;
}

/** What must be called and is not, or not as the settings say. */
export function judgeSchedules(
  needed: readonly Scheduled[],
  region: string,
  { jobs, nowMs }: { readonly jobs: readonly Schedule[]; readonly nowMs: number },
): Finding[] {
  return needed.flatMap((one) => {
    // As the Firebase CLI names it.
    const where = `firebase-schedule-${one.functionName}-${region}`;
    const job = jobs.find(({ id }) => id === where);
    return job === undefined ? [missing(where, one)] : judgeOne(job, one, nowMs);
  });
}

function judgeOne(job: Schedule, needed: Scheduled, nowMs: number): Finding[] {
  const where = job.id;
  if (job.state !== 'ENABLED') {
    const what = `The schedule of ${needed.functionName} is ${job.state}.`;
    const whatToDo = `Resume it: gcloud scheduler jobs resume ${where}`;
    return [{ code: 'schedule-off', severity: 'error', what, where, whatToDo }];
  }
  const findings: Finding[] = [];
  if (job.schedule !== needed.schedule || job.timeZone !== needed.timeZone) {
    const said = `${needed.schedule} (${needed.timeZone})`;
    const what = `${needed.functionName} is called at ${job.schedule} (${job.timeZone}), and not at ${said} as the settings say.`;
    const whatToDo = 'Deploy the functions; nobody should change the schedule by hand.';
    findings.push({ code: 'schedule-differs', severity: 'warning', what, where, whatToDo });
  }
  const { lastAttemptAtMs } = job;
  if (lastAttemptAtMs !== undefined && needed.nextMs(needed.nextMs(lastAttemptAtMs)) <= nowMs) {
    const what = `${needed.functionName} has not been called since ${new Date(lastAttemptAtMs).toISOString()}.`;
    const whatToDo = 'See the log of Cloud Scheduler for the job.';
    findings.push({ code: 'schedule-stands', severity: 'error', what, where, whatToDo });
  }
  if (job.statusCode !== 0) {
    const what = `The last call of ${needed.functionName} failed (google.rpc.Code ${job.statusCode}).`;
    const whatToDo = `See the log of the function ${needed.functionName}.`;
    findings.push({ code: 'schedule-failed', severity: 'warning', what, where, whatToDo });
  }
  return findings;
}

function missing(where: string, { functionName }: Scheduled): Finding {
  const what = `Nothing calls ${functionName}.`;
  const whatToDo = `Deploy it: firebase deploy --only functions:${functionName}`;
  return { code: 'schedule-missing', severity: 'error', what, where, whatToDo };
}
