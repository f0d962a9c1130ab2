import { MINUTE_MS } from '#kernel';
import { cancelJob } from '../../../dead-letters/cancel.ts';
import { redriveJob } from '../../../dead-letters/redrive.ts';
import type { JobFacts } from '../facts.ts';
import { isBlocked } from '../promises/lines.ts';
import { storeOf } from '../store-of.ts';
import type { World } from '../world.ts';
import { drawTime } from './draw-time.ts';

/** They go on when the chaos is over: most dead letters come late. */
const AFTERWARDS_MS = 15 * MINUTE_MS;

/** Operators: send dead letters round again and take jobs out, while everything is going on. */
export function addOperators(world: World): void {
  const random = world.random.fork('operators');
  for (let number = 1; number <= world.scenario.operations; number += 1) {
    world.at(drawTime(world, random, AFTERWARDS_MS), `operator ${number}`, () => {
      const [job, isRedrive] = [drawJob(world, random), random.chance(0.7)];
      if (job === undefined) return;
      const store = storeOf(world, world.process(`operator ${number}`));
      const regainPlace = random.chance(0.5);
      world.start(
        `operator ${number}`,
        isRedrive
          ? redriveJob(store, job.id, { place: job.place, regainPlace })
          : cancelJob(store, job.id),
      );
    });
  }
}

/** As likely as not a dead letter, if there is one. */
function drawJob({ judge }: World, random: World['random']): JobFacts | undefined {
  const jobs = [...judge.ledger.jobs.values()].filter(({ row }) => row !== undefined);
  const closed = jobs.filter(({ row }) => row?.status === 'failed' || row?.status === 'cancelled');
  const among = closed.length > 0 && random.chance(0.7) ? closed : jobs;
  return among[random.int(0, Math.max(0, among.length - 1))];
}

/** Takes out what stands in front of those who are blocked. */
export async function unblock(world: World): Promise<void> {
  const { ledger } = world.judge;
  const blocked = [...ledger.jobs.values()].filter((job) => {
    const isOpen = job.row?.status === 'pending' || job.row?.status === 'processing';
    return isOpen && isBlocked(job, ledger);
  });
  const lines = new Set(blocked.map(({ place }) => place?.orderingKey ?? ''));
  const store = storeOf(world, world.process('operator at last'));
  for (const orderingKey of lines) {
    const [head] = (await store.readLine(orderingKey, 1)).rows;
    if (head?.kind !== 'job' || head.job.blocking !== true) continue;
    await cancelJob(store, head.job.id);
  }
}
