import type { NewJob } from '../../functions/src/outbox/index.ts';
import { jobId } from '../../functions/src/outbox/index.ts';
import type { SeededRandom } from '../../functions/src/outbox/testing/simulation/random.ts';
import type { TestJobType, TestPayload } from './handlers.ts';

/** A job to be emitted, and what has to come of it. */
export interface PlannedJob {
  readonly id: string;
  readonly job: NewJob;
  /** Its line, for ordered ones, and its place there. */
  readonly line?: string;
  readonly sequence?: number;
}

export interface Load {
  /** In the order they are emitted. */
  readonly jobs: readonly PlannedJob[];
  /** The ids of all jobs there will be: those, and the children of the fan-outs. */
  readonly allIds: readonly string[];
}

/** Of the jobs that stand in no line, those that write effects and children; of the others, the flaky ones. */
const FAN_OUTS = 0.3;
const FLAKY = 0.15;

/** How many of what. */
export interface LoadSize {
  readonly jobs: number;
  readonly tenants: number;
  readonly lines: number;
  readonly jobsPerLine: number;
  /** How many of a line's jobs come together. */
  readonly burst: number;
}

/** A mix of all kinds over all tenants, shuffled by the seed; a line's jobs come in their order. */
export function planLoad(size: LoadSize, random: SeededRandom): Load {
  const inLines = size.lines * size.jobsPerLine;
  const alone = Array.from({ length: size.jobs - inLines }, (_, n) => ({ n }));
  const bursts = Array.from({ length: inLines / size.burst }, (_, n) => ({ line: n % size.lines }));
  const reached = new Map<number, number>();
  const jobs = shuffle([...alone, ...bursts], random).flatMap((one) => {
    if ('n' in one) return [planAlone(one.n, size, random)];
    const before = reached.get(one.line) ?? 0;
    reached.set(one.line, before + size.burst);
    return Array.from({ length: size.burst }, (_, index) =>
      planInLine(one.line, before + index + 1, size),
    );
  });
  return { jobs, allIds: jobs.flatMap((planned) => [planned.id, ...childrenOf(planned)]) };
}

function planAlone(n: number, { tenants }: LoadSize, random: SeededRandom): PlannedJob {
  const payload: TestPayload = random.chance(FAN_OUTS)
    ? { children: random.int(0, 2) }
    : { isFlaky: random.chance(FLAKY) };
  const jobType = payload.children === undefined ? 'mail' : 'notif';
  return toPlan({ jobType, orgId: `org${n % tenants}`, causeId: `event${n}`, payload });
}

/** Every other line is of an external subscription, the rest of a transactional one. */
function planInLine(line: number, sequence: number, { tenants }: LoadSize): PlannedJob {
  const jobType: TestJobType = line % 2 === 0 ? 'post' : 'balance';
  const orderingKey = `${jobType}:stream${line}`;
  const causeId = `stream${line}-${sequence}`;
  return {
    ...toPlan({
      jobType,
      orgId: `org${line % tenants}`,
      causeId,
      place: { orderingKey, sequence },
    }),
    line: orderingKey,
    sequence,
  };
}

interface Said {
  readonly jobType: TestJobType;
  readonly orgId: string;
  readonly causeId: string;
  readonly payload?: TestPayload;
  readonly place?: NewJob['place'];
}

/** A job as its emitter says it. */
export function toPlan({ payload = {}, ...said }: Said): PlannedJob {
  const job: NewJob = {
    ...said,
    payload: { ...payload },
    metadata: { correlationId: said.causeId },
  };
  return { id: jobId(said), job };
}

function childrenOf({ job }: PlannedJob): string[] {
  const { children = 0 } = (job.payload ?? {}) as TestPayload;
  const { orgId, causeId } = job;
  return Array.from({ length: children }, (_, n) =>
    jobId({ jobType: 'push', orgId, causeId, recipient: `u${n}` }),
  );
}

function shuffle<T>(items: readonly T[], random: SeededRandom): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.int(0, last);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
