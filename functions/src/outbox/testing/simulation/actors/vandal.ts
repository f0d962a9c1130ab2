import type { DocumentData, DocumentWrite } from '#kernel';
import { DELETE_FIELD } from '#kernel';
import { OUTBOX } from '../../../record/record-job.ts';
import { VANDAL } from '../judge.ts';
import { isBlocked } from '../promises/lines.ts';
import type { SeededRandom } from '../random.ts';
import type { World } from '../world.ts';
import { drawTime } from './draw-time.ts';

/** Somebody with a console who writes nonsense into rows, and rows of nonsense. */
export function addVandal(world: World): void {
  const random = world.random.fork('vandal');
  const process = world.process(VANDAL);
  for (let number = 1; number <= world.scenario.malformed; number += 1) {
    const write = async (): Promise<void> => {
      await process.spend(1, 'vandalise');
      world.documents.commit([{ write: nonsense(world, number, random) }]);
    };
    world.at(drawTime(world, random), 'vandal', () => {
      world.start('vandal', write());
    });
  }
}

const NONSENSE: readonly [DocumentData, ...DocumentData[]] = [
  { status: 'done' },
  { attempts: 'three' },
  { history: 'long' },
  { metadata: null },
  { slot: 'first' },
  { nextAttemptAt: DELETE_FIELD },
  { lease: 'for ever' },
];

function nonsense(world: World, number: number, random: SeededRandom): DocumentWrite {
  const data = random.pick(NONSENSE);
  const open = [...world.judge.ledger.jobs.values()].filter(({ row }) => row?.status === 'pending');
  const victim = open[random.int(0, Math.max(0, open.length - 1))];
  if (victim !== undefined && random.chance(0.5)) {
    return { kind: 'update', path: `${OUTBOX}/${victim.id}`, data };
  }
  const due = { slot: 0, nextAttemptAt: new Date(world.nowMs) };
  return { kind: 'create', path: `${OUTBOX}/nonsense${number}`, data: { ...due, ...data } };
}

/** In the end it was mended and run, or parked for a person to look at. */
export function checkNonsense({ documents, judge }: World): void {
  for (const job of judge.ledger.jobs.values()) {
    if (!job.isVandalised || isBlocked(job, judge.ledger)) continue;
    const { status, nextAttemptAt } = documents.get(`${OUTBOX}/${job.id}`)?.data ?? {};
    const isOver = status === 'sent' || status === 'failed' || status === 'cancelled';
    if (isOver && nextAttemptAt === undefined) continue;
    judge.accuse('nonsense is mended or parked', `${job.id}: ${String(status)}`);
  }
}
