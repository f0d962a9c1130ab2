import type { NewOperation, Operations, StartedOperation } from './operations.ts';

/** What makes a change with its entry in the audit log; the module `audit` has it. */
type MakeAudited = <Result extends { readonly kind: string }>(
  change: Pick<NewOperation, 'by' | 'reason' | 'correlationId'> & {
    readonly action: string;
    readonly target: string;
  },
  make: () => Promise<Result>,
) => Promise<Result>;

/** Starts an operation, with an entry in the audit log that names it, also where it is refused. As `Operations.start`. */
export async function startAudited(
  deps: { readonly operations: Pick<Operations, 'idFor' | 'start'>; readonly audited: MakeAudited },
  asked: Omit<NewOperation, 'id'>,
): Promise<StartedOperation> {
  const { by, reason, correlationId } = asked;
  const id = deps.operations.idFor(asked);
  const change = { by, reason, correlationId, action: 'operation.start', target: id };
  const { operation } = await deps.audited(change, async () => {
    const started = await deps.operations.start({ ...asked, id });
    return { kind: started.duplicate ? 'already-started' : 'started', operation: started };
  });
  return operation;
}
