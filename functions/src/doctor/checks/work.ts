import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel';
import type { BlockedLine, JobCounts, Pause } from '#outbox';
import type { Finding } from '../finding.ts';
import { isLate } from '../late.ts';

/** What waits. */
export interface BacklogFacts {
  readonly nowMs: number;
  readonly nextTickMs: (afterMs: number) => number;
  readonly oldestDue:
    | { readonly jobId: string; readonly jobType: string; readonly dueAtMs: number }
    | undefined;
  readonly counts: Pick<JobCounts, 'total' | 'others'>;
}

/** Whether the scheduled sweep comes to its end: without it nothing that the trigger misses is run. */
export function judgeTick(facts: {
  /** When it last did; undefined where it did not for a day. */
  readonly lastTickMs: number | undefined;
  readonly nowMs: number;
  readonly nextTickMs: (afterMs: number) => number;
}): Finding[] {
  const { lastTickMs, nowMs, nextTickMs } = facts;
  if (lastTickMs !== undefined && !isLate(lastTickMs, nowMs, nextTickMs)) return [];
  const since =
    lastTickMs === undefined ? 'for a day' : `since ${new Date(lastTickMs).toISOString()}`;
  return [
    {
      code: 'tick-missing',
      severity: 'error',
      what: `The scheduled sweep has not come to its end ${since}.`,
      where: 'outboxProcessor',
      whatToDo: 'Is its schedule there and on, and what does its log say?',
    },
  ];
}

/** Jobs that are late, dead, or of nobody. */
export function judgeBacklog({ nowMs, nextTickMs, oldestDue, counts }: BacklogFacts): Finding[] {
  const findings: Finding[] = [];
  if (oldestDue !== undefined && isLate(oldestDue.dueAtMs, nowMs, nextTickMs)) {
    const minutes = Math.round((nowMs - oldestDue.dueAtMs) / MINUTE_MS);
    const what = `A job of ${oldestDue.jobType} has been due for ${minutes} minutes, and nobody took it.`;
    const whatToDo =
      'Is the schedule there, and what does the log of outboxProcessor say? With thousands of jobs it may be busy: see outbox stats (GET /v1/ops/stats).';
    findings.push({ code: 'jobs-late', severity: 'error', what, where: oldestDue.jobId, whatToDo });
  }
  const { failed } = counts.total;
  if (failed > 0) {
    const what = `There are ${failed} dead letters.`;
    const whatToDo =
      'See outbox dead-letters (GET /v1/ops/dead-letters) for the reasons; then outbox redrive or outbox cancel.';
    findings.push({ code: 'dead-letters', severity: 'warning', what, where: 'outbox', whatToDo });
  }
  const open = counts.others.pending + counts.others.processing;
  if (open > 0) {
    const what = `${open} open jobs are of types without a subscription in this code: they fail after a day.`;
    const whatToDo =
      'Deploy the code that has the subscription; if it was taken out on purpose, cancel them: outbox jobs --status pending lists them (GET /v1/ops/jobs?status=pending), outbox cancel <jobId>.';
    findings.push({
      code: 'jobs-without-code',
      severity: 'error',
      what,
      where: 'outbox',
      whatToDo,
    });
  }
  return findings;
}

/** Whether an alert reaches anybody besides the log. */
export function judgeListeners(isHeard: boolean): Finding[] {
  if (isHeard) return [];
  return [
    {
      code: 'alerts-unheard',
      severity: 'warning',
      what: 'Alerts are told to nobody: the tenant _platform has no admin.',
      where: 'orgs/_platform/members',
      whatToDo:
        'For everybody who is to hear, write orgs/_platform/members/{uid} with { uid, email, role: "admin" }.',
    },
  ];
}

/** Lines in which nothing runs until somebody decides. */
export function judgeLines(facts: {
  readonly lines: readonly BlockedLine[];
  readonly truncated: boolean;
}): Finding[] {
  const { lines, truncated } = facts;
  const findings = lines.map(({ jobId, waiting }): Finding => {
    const what = `A dead letter blocks its line; ${waiting} jobs wait behind it.`;
    const whatToDo = `Mend the cause and retry it (outbox redrive ${jobId}), or cancel it (outbox cancel ${jobId}): the line goes on without it.`;
    return { code: 'line-blocked', severity: 'error', what, where: jobId, whatToDo };
  });
  if (!truncated) return findings;
  const what = `More than ${lines.length} lines are blocked.`;
  const whatToDo = 'See outbox blocked (GET /v1/ops/streams/blocked).';
  return [
    ...findings,
    { code: 'line-blocked', severity: 'error', what, where: 'outbox', whatToDo },
  ];
}

/** Pauses that somebody may have forgotten. */
export function judgePauses(facts: {
  readonly pauses: readonly Pause[];
  readonly nowMs: number;
}): Finding[] {
  const forgotten = facts.pauses.filter(({ atMs }) => facts.nowMs - atMs > DAY_MS);
  return forgotten.map(({ id, by, atMs }) => ({
    code: 'pause-old',
    severity: 'warning',
    what: `${by} has held back jobs since ${new Date(atMs).toISOString()}.`,
    where: id,
    whatToDo: 'If they may run again, resume them: outbox resume (POST /v1/ops/controls/resume).',
  }));
}

/** A long operation. */
export interface LookedAtOperation {
  readonly id: string;
  readonly kind: string;
  /** When a step or an operator last wrote it. */
  readonly updatedAt: Date;
  readonly endedAt?: Date | undefined;
  readonly lastError?: { readonly code: string } | undefined;
}

/** Its step has been tried for an hour and a half by then, or there is none. */
const STANDS_AFTER_MS = 2 * HOUR_MS;

/** Long operations that failed, and nobody started another; and those that run, and make no step. */
export function judgeOperations(facts: {
  readonly failed: readonly LookedAtOperation[];
  readonly running: readonly LookedAtOperation[];
  readonly nowMs: number;
}): Finding[] {
  const standing = facts.running.filter(
    ({ updatedAt }) => facts.nowMs - updatedAt.getTime() > STANDS_AFTER_MS,
  );
  return [...judgeFailed(facts), ...standing.map(showStanding)];
}

function showStanding({ id, kind, updatedAt }: LookedAtOperation): Finding {
  return {
    code: 'operation-stands',
    severity: 'error',
    what: `The operation ${kind} runs, and has made no step since ${updatedAt.toISOString()}.`,
    where: id,
    whatToDo: `See outbox operations show ${id} (GET /v1/ops/operations/${id}): its step says why. Where that is gone, cancel it and start another.`,
  };
}

function judgeFailed(facts: Omit<Parameters<typeof judgeOperations>[0], 'running'>): Finding[] {
  const recent = facts.failed.filter(
    ({ endedAt }) => endedAt === undefined || facts.nowMs - endedAt.getTime() < 7 * DAY_MS,
  );
  return recent.map(({ id, kind, lastError }) => ({
    code: 'operation-failed',
    severity: 'warning',
    what: `The operation ${kind} failed in the last seven days: ${lastError?.code ?? 'unknown'}.`,
    where: id,
    whatToDo: `See outbox operations show ${id} (GET /v1/ops/operations/${id}); what it did stays done. Start another.`,
  }));
}
