import type { OutboxJob } from './job.ts';

/** What a tenant keeps in the normal slots: of the rows of full pages, as many as a tenth of a page. */
const SHARE = 0.1;

/**
 * Sorts out what one sweep finds of a tenant beyond its share: it is moved to the tenant's bulk slots, so
 * that the next page brings others. The share is counted over the sweep: by page, tenants with tens of
 * thousands of rows would be given a share of every one of hundreds of pages before anybody else's turn.
 */
export class TenantShares {
  readonly #rowsPerTenant: number;
  readonly #seen = new Map<string, number>();

  constructor(pageSize: number) {
    this.#rowsPerTenant = Math.ceil(pageSize * SHARE);
  }

  /** The rows of a full page that go; a row that was leased never moves. */
  surplusOf<Row extends { readonly job: OutboxJob }>(rows: readonly Row[]): Row[] {
    return rows.filter(({ job }) => {
      const rank = (this.#seen.get(job.orgId) ?? 0) + 1;
      this.#seen.set(job.orgId, rank);
      return rank > this.#rowsPerTenant && job.status === 'pending';
    });
  }
}
