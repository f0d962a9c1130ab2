import { countingIds } from '../../kernel/testing/counting-ids.ts';
import type { PlanContext } from '../emit/plan-event.ts';
import { testCatalog } from './catalog.ts';

/** What planning needs, with two subscriptions to everything; ids tell their order. */
export function aPlanContext(idPrefix = 'id'): PlanContext {
  return {
    catalog: testCatalog,
    jobsFor: () => [
      { jobType: 'notif', maxAttempts: 5, isOrdered: false },
      { jobType: 'audit', maxAttempts: 3, isOrdered: true },
    ],
    slots: { normal: 8, bulk: 4 },
    ids: countingIds(idPrefix),
    sourceService: 'tests',
  };
}
