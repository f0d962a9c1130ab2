import { SECOND_MS } from '#kernel';
import type { Finding } from '../finding.ts';

/** The process that answers. */
export interface RuntimeFacts {
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** `K_SERVICE`: what Cloud Run calls the service, which is what a function of the 2nd generation is. */
  readonly service: string | undefined;
}

/** What the functions are built for. */
const NODE_MAJOR = '24';

export function judgeRuntime({ nodeVersion, service }: RuntimeFacts): Finding[] {
  const findings: Finding[] = [];
  if (nodeVersion.split('.')[0] !== NODE_MAJOR) {
    const what = `It runs on Node ${nodeVersion}, and is built and tested for ${NODE_MAJOR}.`;
    const whatToDo = `Deploy it with the runtime nodejs${NODE_MAJOR}, as firebase.json says.`;
    findings.push({ code: 'other-node', severity: 'warning', what, where: 'runtime', whatToDo });
  }
  if (service === undefined) {
    const what = 'It does not run as a function of the 2nd generation.';
    const whatToDo = 'Deploy it as firebase.json says: timeouts and concurrency are of the 2nd.';
    findings.push({
      code: 'other-generation',
      severity: 'warning',
      what,
      where: 'K_SERVICE',
      whatToDo,
    });
  }
  return findings;
}

/** One read: this instance's clock before and after, and the server's time in between. */
export interface ClockFacts {
  readonly beforeMs: number;
  readonly serverMs: number;
  readonly afterMs: number;
}

/** Nothing is decided by this clock, but log lines have its times, and tokens are judged by it. */
const WRONG_MS = 5 * SECOND_MS;

/** However long the way was, the server's time was between both: only what is beyond is an error. */
export function judgeClock({ beforeMs, serverMs, afterMs }: ClockFacts): Finding[] {
  const aheadMs = beforeMs - serverMs;
  const behindMs = serverMs - afterMs;
  if (Math.max(aheadMs, behindMs) <= WRONG_MS) return [];
  const off = Math.round(Math.max(aheadMs, behindMs) / SECOND_MS);
  return [
    {
      code: 'clock-off',
      severity: 'warning',
      what: `The clock of this instance is at least ${off} s ${aheadMs > behindMs ? 'ahead of' : 'behind'} Firestore's.`,
      where: 'the instance that answered',
      whatToDo:
        'Due times are the server’s and stay right; times in logs do not. Deploy again for new instances; if it stays so, tell Google.',
    },
  ];
}
