import { planRedrive } from '#outbox';
import type { OperationKind } from '../operation-kind.ts';
import type { DeadLetterFilter } from './dead-letter-filter.ts';
import type { OverDeadLetters } from './over-dead-letters.ts';
import { overDeadLetters } from './over-dead-letters.ts';

/**
 * Sends dead letters round again. One that keeps its place in a line goes before those behind it; one that gave its
 * place up is left as it is: out of its turn it has to be asked for by name.
 */
export function redrive(
  deps: OverDeadLetters & {
    /** Whether the jobs of a type stand in lines. */
    readonly isOrdered: (jobType: string) => boolean;
  },
): OperationKind<DeadLetterFilter> {
  return overDeadLetters('redrive', deps, async (row, readAtMs) => {
    const hasGivenUp =
      row.kind === 'job' && row.job.orderingKey === undefined && deps.isOrdered(row.job.jobType);
    return hasGivenUp ? { kind: 'gave-up-its-place' } : planRedrive(deps.store, row, readAtMs);
  });
}
