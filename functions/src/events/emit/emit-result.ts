/** What an emit answers. */
export interface EmitResult {
  readonly eventId: string;
  /** The jobs written with it: one per matching subscription. */
  readonly jobIds: readonly string[];
  /** Whether an earlier emit with the same idempotency key had written it already. */
  readonly duplicate: boolean;
}
