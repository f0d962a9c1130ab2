import { changeSlots, pauseJobs, resumeJobs } from '../../../controls/pause.ts';
import type { OutboxStore } from '../../../store.ts';
import { settingsOf } from '../scenario.ts';
import type { World } from '../world.ts';
import { drawTime } from './draw-time.ts';
import { storeOf } from '../store-of.ts';

/** Operators who pause and resume, and who change the number of slots, while everything is going on. */
export function addControllers(world: World): void {
  const random = world.random.fork('controllers');
  const { pauses, slotChanges } = world.scenario;
  for (let number = 1; number <= pauses; number += 1) {
    world.at(drawTime(world, random), `pause ${number}`, () => {
      const store = storeOf(world, world.process(`controller ${number}`));
      world.start(`pause ${number}`, pauseOrResume(store, random));
    });
  }
  for (let number = 1; number <= slotChanges; number += 1) {
    world.at(drawTime(world, random), `slots ${number}`, () => {
      const store = storeOf(world, world.process(`slot changer ${number}`));
      const counts = { normal: random.int(1, 8), bulk: random.int(1, 4) };
      world.start('slots', changeSlots(store, counts, settingsOf(world.scenario).slots));
    });
  }
}

async function pauseOrResume(store: OutboxStore, random: World['random']): Promise<void> {
  const { pauses } = await store.readControls();
  const [first] = pauses;
  if (first !== undefined && random.chance(0.5)) {
    await resumeJobs(store, first.id);
    return;
  }
  const jobType = random.pick(['mail', 'note', 'fan', 'feed', 'statement', undefined]);
  const orgId = jobType === undefined || random.chance(0.3) ? `org${random.int(1, 2)}` : undefined;
  await pauseJobs(store, { jobType, orgId }, { by: 'operator', reason: 'chaos' });
}

/** Ends every pause, as the last thing that anybody does. */
export async function resumeAll(world: World): Promise<void> {
  const store = storeOf(world, world.process('controller at last'));
  const { pauses } = await store.readControls();
  for (const { id } of pauses) await resumeJobs(store, id);
}
