import { z } from 'zod';
import { inputs } from '#events';

/** As many as are delivered in one commit, each in a shipment of its own at worst. */
const MAX_LINES = 20;

const line = z.strictObject({
  title: z.string().trim().min(1).max(200),
  quantity: z.int().min(1).max(10_000),
  unitAmountMinor: inputs.amountMinor,
  sku: z.string().trim().min(1).max(100).optional(),
  /** Lines that name the same one are delivered together; a line that names none goes alone. */
  shippingGroup: z.string().trim().min(1).max(100).optional(),
});

type Line = Pick<z.output<typeof line>, 'quantity' | 'unitAmountMinor'>;

/** What is ordered: 1 to 20 lines that together cost an amount that can be billed. */
export const lines = z
  .array(line)
  .min(1)
  .max(MAX_LINES)
  .refine((all) => totalOf(all) <= inputs.MAX_AMOUNT_MINOR, {
    error: `expected lines that cost at most ${inputs.MAX_AMOUNT_MINOR} together, in minor units`,
  });

/** What lines cost together, in minor units. */
export function totalOf(all: readonly Line[]): number {
  return all.reduce((sum, { quantity, unitAmountMinor }) => sum + quantity * unitAmountMinor, 0);
}
