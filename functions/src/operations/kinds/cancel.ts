import type { OutboxStore } from '#outbox';
import type { DeadLetterRows } from '#outbox/firestore';
import { planCancel, planWake } from '#outbox';
import type { OperationKind } from '../operation-kind.ts';
import type { DeadLetterFilter } from './dead-letter-filter.ts';
import { overDeadLetters } from './over-dead-letters.ts';

/** Takes dead letters out. The lines that they blocked go on. */
export function cancel(deps: {
  readonly deadLetters: DeadLetterRows;
  readonly store: Pick<OutboxStore, 'readLine'>;
}): OperationKind<DeadLetterFilter> {
  return overDeadLetters('cancel', deps.deadLetters, async (row) => {
    const plan = planCancel(row);
    const orderingKey = row.kind === 'job' ? row.job.orderingKey : undefined;
    if (plan.kind !== 'planned' || row.kind !== 'job' || orderingKey === undefined) return plan;
    const wake = await planWake(deps.store, orderingKey, row.job.id);
    return wake === undefined ? plan : { ...plan, moves: [...plan.moves, wake] };
  });
}
