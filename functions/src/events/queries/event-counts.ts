/** How many events a tenant has, all counted at one moment. */
export interface EventCounts {
  /** Of all types, those this code does not know among them. */
  readonly total: number;
  /** One entry for each type of the catalog, in its order; 0 where there are none. */
  readonly types: readonly { readonly eventType: string; readonly count: number }[];
  /** Of types that are not in the catalog: the organization's own, all together, and what this code does not know. */
  readonly others: number;
}

/** Whose events are counted, and of which time. */
export interface CountedEvents {
  readonly orgId: string;
  /** Recorded at this time or later. */
  readonly from?: Date | undefined;
  /** Recorded before this time. */
  readonly to?: Date | undefined;
}
