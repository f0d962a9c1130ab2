import { HOUR_MS, MINUTE_MS } from '#kernel';
import type { ProcessorSettings, RetryPolicy } from '#outbox';
import type { Finding } from '../finding.ts';

/** Settings that are valid each, and may be a mistake together. */
export interface SettingsFacts {
  readonly processor: ProcessorSettings;
  readonly policy: RetryPolicy;
  readonly maxWorkers: number;
  readonly apiRatePerMinute: number;
  readonly emailProvider: string;
  /** From one tick to the next. */
  readonly tickEveryMs: number;
  readonly isEmulator: boolean;
}

/** Slots that one query can name: Firestore takes 30 disjunctions. */
const SLOTS_OF_A_QUERY = 30;
/** As long as `ALERT_OLDEST_DUE_MS` is by default. */
const RARE_TICK_MS = 10 * MINUTE_MS;
/** A person who looks at a list and at ten of its entries, every ten seconds. */
const LEAST_API_RATE = 60;

/** What somebody probably did not mean. What is wrong for certain keeps the functions from starting. */
export function judgeSettings(facts: SettingsFacts): Finding[] {
  return [...judgeEngine(facts), ...judgeRest(facts)];
}

function judgeEngine({ processor, maxWorkers, tickEveryMs }: SettingsFacts): Finding[] {
  const { pageSize, maxJobsPerRun, slots, leaseMs } = processor;
  const findings: Finding[] = [];
  if (maxJobsPerRun < pageSize) {
    const what = `A page (${pageSize}) has more jobs than a run may take (${maxJobsPerRun}).`;
    findings.push(
      suspicious('OUTBOX_MAX_JOBS_PER_RUN', what, 'Raise it to OUTBOX_PAGE_SIZE at least.'),
    );
  }
  for (const [kind, count] of Object.entries(slots)) {
    if (count <= SLOTS_OF_A_QUERY) continue;
    const what = `${count} slots are asked for with ${Math.ceil(count / SLOTS_OF_A_QUERY)} queries at every page.`;
    const where = kind === 'normal' ? 'OUTBOX_NORMAL_SLOTS' : 'OUTBOX_BULK_SLOTS';
    findings.push(suspicious(where, what, 'Have no more than 30, unless the load needs them.'));
  }
  const all = slots.normal + slots.bulk;
  if (maxWorkers > all) {
    const what = `${maxWorkers} workers share ${all} slots: those beyond have none of their own.`;
    findings.push(suspicious('OUTBOX_MAX_WORKERS', what, 'Lower it, or add slots.'));
  }
  if (tickEveryMs > RARE_TICK_MS) {
    const what = `Ticks are ${Math.round(tickEveryMs / MINUTE_MS)} minutes apart: what the trigger misses waits as long.`;
    findings.push(
      suspicious('OUTBOX_SCHEDULE', what, 'Tick every two minutes: idle ticks cost three reads.'),
    );
  }
  if (leaseMs > HOUR_MS / 4) {
    const what = `A job whose worker died waits ${Math.round(leaseMs / MINUTE_MS)} minutes for the next.`;
    findings.push(suspicious('OUTBOX_LEASE_MS', what, 'Bring it nearer to OUTBOX_TIMEOUT_MS.'));
  }
  return findings;
}

function judgeRest(facts: SettingsFacts): Finding[] {
  const { policy, apiRatePerMinute, emailProvider, isEmulator } = facts;
  const findings: Finding[] = [];
  if (policy.maxAttempts === 1) {
    const what = 'Nothing is tried twice: the first failure makes a dead letter.';
    findings.push(suspicious('OUTBOX_MAX_ATTEMPTS', what, 'Allow a few: the default is 5.'));
  }
  if (apiRatePerMinute < LEAST_API_RATE) {
    const what = `A caller may ask ${apiRatePerMinute} times a minute: tools that page will be refused.`;
    findings.push(suspicious('API_RATE_PER_MINUTE', what, 'The default is 600.'));
  }
  if (emailProvider === 'log' && !isEmulator) {
    const what = 'E-mails are only written to the log: nobody gets any.';
    findings.push(
      suspicious('EMAIL_PROVIDER', what, 'Choose a provider, if people are to get them.'),
    );
  }
  return findings;
}

function suspicious(where: string, what: string, whatToDo: string): Finding {
  return { code: 'setting-suspicious', severity: 'warning', what, where, whatToDo };
}
