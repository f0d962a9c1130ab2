import { KEEP_SENT_MS } from '../../model/job.ts';
import type { ProcessorSettings } from '../../processor/worker.ts';
import { SeededRandom } from './random.ts';

/**
 * Everything a simulation is made of, in numbers: the same numbers, the same simulation.
 * Shares are of 1 and mean how often something happens where it could.
 */
export interface Scenario {
  readonly seed: number;
  /** How long the chaos lasts, in minutes of virtual time. */
  readonly minutes: number;
  /** How many events clients emit. */
  readonly events: number;
  /** Events of streams, and how many streams there are. */
  readonly streamShare: number;
  readonly streams: number;
  readonly tenants: number;
  /** How many children a fan-out has at most. */
  readonly fanOut: number;
  /** Jobs that kill their worker every time. */
  readonly killerShare: number;
  /** Jobs of a type that code rolled out meanwhile brings, and of one that nobody ever brings. */
  readonly rolloutShare: number;
  readonly unknownShare: number;
  /** Events with many jobs that may be sent together, and those of them that make a whole batch fail. */
  readonly batchShare: number;
  readonly chokeShare: number;
  /** Of the calls with a batch, those that answer too few outcomes. */
  readonly shortAnswerShare: number;
  /** Jobs that are not to be run before a time, and jobs that must not hold up the rest. */
  readonly delayShare: number;
  readonly bulkShare: number;
  /** Rows of nonsense, and rows edited into nonsense. */
  readonly malformed: number;
  /** Redrives and cancels while everything goes on, and changes of the number of slots. */
  readonly operations: number;
  readonly slotChanges: number;
  readonly pauses: number;
  /** How many ticks may start at once. */
  readonly ticks: number;
  readonly tickLossShare: number;
  /** How long no tick runs after the chaos. */
  readonly outageHours: number;
  /** How many workers may be called at once; 0: nobody can be called. What becomes of calls. */
  readonly maxWorkers: number;
  readonly callLossShare: number;
  readonly callTwiceShare: number;
  readonly callLateShare: number;
  readonly queueDownShare: number;
  readonly triggerLossShare: number;
  readonly triggerTwiceShare: number;
  readonly triggerLateShare: number;
  /** Faults, at every stop of a process. */
  readonly killShare: number;
  /** Instances that are told that they are about to end. */
  readonly stopShare: number;
  readonly freezeShare: number;
  readonly stopsClockShare: number;
  readonly errorShare: number;
  readonly repeatShare: number;
  /** Transactions beside which others are always quicker. */
  readonly crowdShare: number;
  /** Of the writes sent twice, those whose second sending is late. */
  readonly lagShare: number;
  /** What goes wrong with handlers' runs. */
  readonly failShare: number;
  readonly answerLossShare: number;
  readonly hangShare: number;
  readonly slowShare: number;
  readonly permanentShare: number;
  readonly retryAfterShare: number;
  /** How often a sink is down for a while, and after how many failures in a row it is left alone. */
  readonly sinkOutages: number;
  readonly breakerFailures: number;
  /** What one way to the database or a sink usually takes. */
  readonly latencyMs: number;
  readonly concurrency: number;
  readonly pageSize: number;
  readonly maxJobsPerRun: number;
  readonly slots: number;
  readonly bulkSlots: number;
  /** Far more than any scenario needs. */
  readonly maxSteps: number;
}

export type Knob = keyof Scenario;

/** The smallest value of each knob: what is left out of a scenario that fails without it. */
export const LEAST: Readonly<Partial<Scenario>> = {
  minutes: 2,
  events: 1,
  streams: 1,
  tenants: 1,
  ticks: 1,
  breakerFailures: 1,
  latencyMs: 1,
  concurrency: 1,
  pageSize: 1,
  maxJobsPerRun: 5,
  slots: 1,
  bulkSlots: 1,
  maxSteps: 100,
};

/** The scenario of a seed. Most lack some kinds of trouble, so that one does not hide another. */
export function scenarioOf(seed: number): Scenario {
  const random = new SeededRandom(seed).fork('scenario');
  const maybe = (most: number, share = 0.6) => random.maybe(most, share);
  return {
    seed,
    minutes: random.int(3, 12),
    events: random.int(1, 8),
    streamShare: maybe(0.8, 0.5),
    streams: random.int(1, 3),
    tenants: random.int(1, 3),
    fanOut: random.int(1, 6),
    killerShare: maybe(0.15, 0.35),
    rolloutShare: maybe(0.2, 0.4),
    // A day of looking again, every five minutes: a few seeds are enough.
    unknownShare: maybe(0.1, 0.03),
    batchShare: maybe(0.8, 0.5),
    chokeShare: maybe(0.2, 0.3),
    shortAnswerShare: maybe(0.2, 0.3),
    delayShare: maybe(0.3, 0.4),
    bulkShare: maybe(0.3, 0.4),
    malformed: random.chance(0.3) ? random.int(1, 3) : 0,
    operations: random.chance(0.5) ? random.int(1, 10) : 0,
    slotChanges: random.chance(0.4) ? random.int(1, 3) : 0,
    pauses: random.chance(0.4) ? random.int(1, 6) : 0,
    ticks: random.int(1, 3),
    tickLossShare: maybe(0.4, 0.4),
    outageHours: random.chance(0.15) ? 3 : 0,
    maxWorkers: random.pick([0, 1, 2, 3, 10]),
    callLossShare: maybe(0.5, 0.4),
    callTwiceShare: maybe(0.4, 0.4),
    callLateShare: maybe(0.4, 0.4),
    queueDownShare: maybe(0.3, 0.3),
    triggerLossShare: maybe(0.6),
    triggerTwiceShare: maybe(0.6),
    triggerLateShare: maybe(0.6),
    killShare: maybe(0.06),
    stopShare: maybe(0.02, 0.35),
    freezeShare: maybe(0.05),
    stopsClockShare: maybe(0.6, 0.4),
    errorShare: maybe(0.04, 0.4),
    repeatShare: maybe(0.3, 0.5),
    crowdShare: maybe(0.3, 0.3),
    lagShare: maybe(0.8),
    failShare: maybe(0.4),
    answerLossShare: maybe(0.2),
    hangShare: maybe(0.2),
    slowShare: maybe(0.4),
    permanentShare: maybe(0.1, 0.4),
    retryAfterShare: maybe(0.3, 0.4),
    sinkOutages: random.chance(0.35) ? random.int(1, 4) : 0,
    breakerFailures: random.pick([1, 2, 5]),
    latencyMs: random.pick([2, 10, 50, 150]),
    concurrency: random.pick([1, 2, 4, 20]),
    pageSize: random.pick([1, 2, 5, 20, 200]),
    maxJobsPerRun: random.pick([5, 10, 40, 500]),
    slots: random.pick([1, 3, 8]),
    bulkSlots: random.pick([1, 2, 4]),
    maxSteps: 100_000,
  };
}

/** The engine's settings in a scenario; leases and timeouts are the deployment's defaults. */
export function settingsOf(scenario: Scenario): ProcessorSettings {
  const { concurrency, pageSize, maxJobsPerRun, slots, bulkSlots } = scenario;
  return {
    leaseMs: 60_000,
    timeoutMs: 20_000,
    startMarginMs: 5_000,
    concurrency,
    pageSize,
    maxJobsPerRun,
    keepSentMs: KEEP_SENT_MS,
    slots: { normal: slots, bulk: bulkSlots },
  };
}
