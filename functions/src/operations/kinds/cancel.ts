import { planCancel, planWake } from '#outbox';
import type { OperationKind } from '../operation-kind.ts';
import type { DeadLetterFilter } from './dead-letter-filter.ts';
import type { OverDeadLetters } from './over-dead-letters.ts';
import { overDeadLetters } from './over-dead-letters.ts';

/** Takes dead letters out. The lines that they blocked go on. */
export function cancel(deps: OverDeadLetters): OperationKind<DeadLetterFilter> {
  return overDeadLetters('cancel', deps, async (row) => {
    const plan = planCancel(row);
    const orderingKey = row.kind === 'job' ? row.job.orderingKey : undefined;
    if (plan.kind !== 'planned' || row.kind !== 'job' || orderingKey === undefined) return plan;
    const wake = await planWake(deps.store, orderingKey, row.job.id);
    return wake === undefined ? plan : { ...plan, moves: [...plan.moves, wake] };
  });
}
