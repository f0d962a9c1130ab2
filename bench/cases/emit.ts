import type { Plan } from '../plan.ts';
import type { Comparison } from '../results.ts';
import { billedPerOne, medianCpu, msOf } from '../results.ts';
import { alternate } from '../rounds.ts';
import type { Stage } from '../stage.ts';
import type { Form } from '../worker/emit-forms.ts';

/** Besides the metered one. */
const WARM_UP_ROUNDS = 2;

/** One emit after the other, on one worker. */
export async function compareEmit(
  { workers: [worker] }: Stage,
  form: Form,
  { count, rounds }: Plan['emits'],
): Promise<Comparison> {
  const measure = async (side: 'raw' | 'ours', isMetered: boolean) => {
    const asked = { form, side, count, isMetered };
    const { startedAtMs, endedAtMs, cpuMs, billed } = await worker.ask('measureEmit', asked);
    return { ms: (endedAtMs - startedAtMs) / count, cpuMs: cpuMs / count, billed };
  };
  // A round that warms up is the one that is metered, so that the others are not slowed down.
  const [raw, ours] = [await measure('raw', true), await measure('ours', true)];
  if (raw.billed === undefined || ours.billed === undefined)
    throw new Error('Nothing was metered.');
  const sides = { raw: () => measure('raw', false), ours: () => measure('ours', false) };
  await alternate(sides, WARM_UP_ROUNDS);
  const measured = await alternate(sides, rounds);
  return {
    name: `emit ${form}`,
    count,
    msForOne: msOf(measured),
    cpuMsForOne: medianCpu(measured),
    queryMsForOne: undefined,
    billedForOne: {
      raw: billedPerOne(raw.billed, count),
      ours: billedPerOne(ours.billed, count),
    },
  };
}
