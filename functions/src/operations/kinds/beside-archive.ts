import type { ArchiveDeps } from '#events';
import { beginning, counting } from '#events';
import type { OperationKind } from '../operation-kind.ts';

/** Said by a first step that only has the archive's count begun. */
const BEGUN = 'begun';

/**
 * A step that makes jobs for events of a page: of it and one that archives or restores at the same time, only one is
 * committed, and the other is made again. So no job is made for an event that has left.
 */
export function besideArchive<Params extends { readonly orgId: string }>(
  archives: Pick<ArchiveDeps['source'], 'state'>,
  step: OperationKind<Params>['step'],
): OperationKind<Params>['step'] {
  return async (asked) => {
    const { orgId } = asked.params;
    // Before its page is read.
    const { state } = await archives.state(orgId);
    if (state === undefined && !asked.dryRun) {
      const { next: cursor, ...begun } = beginning(orgId, asked.cursor ?? BEGUN);
      return { ...begun, cursor };
    }
    const cursor = asked.cursor === BEGUN ? undefined : asked.cursor;
    const result = await step({ ...asked, cursor });
    const isAlone = state === undefined || (result.jobs ?? []).length === 0;
    const writes = isAlone ? [] : [counting(orgId, state)];
    return { ...result, reads: result.reads + 1, writes };
  };
}
