import type { Finding, FindingKind } from './finding.ts';
import { startOf } from './integrity-state.ts';
import type { IntegrityState } from './integrity-state.ts';
import type { IntegrityDeps, VerifiedPage } from './verify-page.ts';
import { verifyPage } from './verify-page.ts';

/** What a verification came to. */
export interface IntegrityReport {
  /** Events that were verified. */
  readonly events: number;
  /** Events so old that their jobs may have been deleted, as they should be: nobody can say of them. */
  readonly jobsNotJudged: number;
  /** The first 1,000, in the order in which they were found; none for a log as it was written. */
  readonly findings: readonly Finding[];
  /** How many there are of each kind, those past the first 1,000 too. */
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
}

/** Verifies that logs are as they were written. Reads only. */
export interface Integrity {
  /**
   * Verifies a tenant's whole log. What is emitted meanwhile may or may not be seen, and is never taken
   * for wrong. Costs two reads for an event, one for the head of each stream a page, and one for each
   * job of the events of the last seven days. Throws `invalid-input`.
   */
  readonly verifyIntegrity: (orgId: string) => Promise<IntegrityReport>;
  /** The state before the first page of a tenant's log. */
  readonly start: (orgId: string) => IntegrityState;
  /**
   * One page, and the state that the next one begins with: plain values, at most about 70 KB. Ends with
   * the phase `done`. The same state again verifies the same page again.
   */
  readonly verifyPage: (state: IntegrityState) => Promise<VerifiedPage>;
}

const MAX_FINDINGS = 1_000;

/** Binds verifications to a database. */
export function createIntegrity(deps: IntegrityDeps): Integrity {
  return {
    start: startOf,
    verifyPage: (state) => verifyPage(deps, state),
    verifyIntegrity: async (orgId) => {
      const findings: Finding[] = [];
      const counts: Partial<Record<FindingKind, number>> = {};
      let state = startOf(orgId);
      while (state.phase !== 'done') {
        const page = await verifyPage(deps, state);
        ({ state } = page);
        for (const found of page.findings) counts[found.kind] = (counts[found.kind] ?? 0) + 1;
        findings.push(...page.findings.slice(0, MAX_FINDINGS - findings.length));
      }
      const { events, jobsNotJudged } = state;
      return { events, jobsNotJudged, findings, counts };
    },
  };
}
