import { projectionsOf } from '#events';
import type { EventOf } from '#events';
import type { BillingEvent } from './events.ts';

/** Invoices of one kind, in one currency. */
interface Billed {
  readonly count: number;
  readonly amountMinor: number;
}

/**
 * How far invoices came; each is counted under every step it has reached, one that is issued as sent at once.
 * `paid` has the money that came in, parts of invoices among it, and counts what was paid in full. `due` is what
 * is still owed: neither paid nor taken back.
 */
type Step = 'drafted' | 'sent' | 'paid' | 'due';

/** What was billed in a matter, by currency: `{ EUR: { drafted, sent, paid, due } }`. */
export type MatterBilling = Readonly<Record<string, Readonly<Record<Step, Billed>>>>;

const NOTHING: Billed = { count: 0, amountMinor: 0 };
const NONE = { drafted: NOTHING, sent: NOTHING, paid: NOTHING, due: NOTHING };

type InvoiceEvent = EventOf<BillingEvent, Extract<BillingEvent['type'], `invoice.${string}`>>;
type Change = readonly [step: Step, count: number, amountMinor: number];

/** What an event adds to which steps, and takes from them: sums, so that their order does not matter. */
function changesBy(event: InvoiceEvent): readonly Change[] {
  const { eventType, payload } = event;
  switch (eventType) {
    case 'invoice.created':
      return [['drafted', 1, payload.amountMinor]];
    case 'invoice.sent':
    case 'invoice.issued':
      return [
        ['sent', 1, payload.amountMinor],
        ['due', 1, payload.amountMinor],
      ];
    case 'invoice.partially_paid':
      return [
        ['paid', 0, payload.amountMinor],
        ['due', 0, -payload.amountMinor],
      ];
    case 'invoice.paid':
      return [
        ['paid', 1, payload.amountMinor],
        ['due', -1, -payload.amountMinor],
      ];
    case 'invoice.voided':
      // A draft was never due.
      return payload.outstandingMinor === undefined ? [] : [['due', -1, -payload.outstandingMinor]];
    case 'invoice.overdue':
      return [];
  }
}

/** Of the many invoices of a matter, whose events come in any order: it counts and sums. */
export const matterBilling = projectionsOf<BillingEvent>()('invoice.*', {
  id: 'matter_billing',
  collection: 'projections_matter_billing',
  keyOf: (event) => (changesBy(event).length > 0 ? event.matterId : undefined),
  apply: (state: MatterBilling = {}, event) => {
    const { currency } = event.payload;
    if (currency === undefined) return state;
    const steps = { ...NONE, ...state[currency] };
    for (const [step, count, amountMinor] of changesBy(event)) {
      const { count: sum, amountMinor: sumMinor } = steps[step];
      steps[step] = { count: sum + count, amountMinor: sumMinor + amountMinor };
    }
    return { ...state, [currency]: steps };
  },
});
