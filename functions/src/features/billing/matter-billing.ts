import { projectionsOf } from '#events';
import type { BillingEvent } from './events.ts';

/** Invoices of one kind, in one currency. */
interface Billed {
  readonly count: number;
  readonly amountMinor: number;
}

/** How far invoices came; each is counted under every step it has reached. */
type Step = 'drafted' | 'sent' | 'paid';

/** What was billed in a matter, by currency: `{ EUR: { drafted, sent, paid } }`. */
export type MatterBilling = Readonly<Record<string, Readonly<Record<Step, Billed>>>>;

const NOTHING: Billed = { count: 0, amountMinor: 0 };

const STEPS: Readonly<Partial<Record<BillingEvent['type'], Step>>> = {
  'invoice.created': 'drafted',
  'invoice.sent': 'sent',
  'invoice.paid': 'paid',
};

/** Of the many invoices of a matter, whose events come in any order: it counts and sums. */
export const matterBilling = projectionsOf<BillingEvent>()('invoice.*', {
  id: 'matter_billing',
  collection: 'projections_matter_billing',
  keyOf: ({ matterId, eventType }) => (eventType in STEPS ? matterId : undefined),
  apply: (state: MatterBilling = {}, { eventType, payload }) => {
    const step = STEPS[eventType];
    if (step === undefined || !('amountMinor' in payload)) return state;
    const { currency, amountMinor } = payload;
    const before = state[currency] ?? { drafted: NOTHING, sent: NOTHING, paid: NOTHING };
    const { count, amountMinor: sum } = before[step];
    const after = { count: count + 1, amountMinor: sum + amountMinor };
    return { ...state, [currency]: { ...before, [step]: after } };
  },
});
