import { projectionsOf } from '../projections/projection.ts';
import type { TestEvent } from './catalog.ts';

const defineProjection = projectionsOf<TestEvent>();

/** What was billed in a matter, of many invoices: their events may come in any order. */
export interface Totals {
  readonly sent: number;
  readonly paid: number;
  readonly amountMinor: number;
}

const NOTHING: Totals = { sent: 0, paid: 0, amountMinor: 0 };

export const totals = defineProjection('invoice.*', {
  id: 'totals',
  collection: 'projections_totals',
  keyOf: ({ matterId }) => matterId,
  apply: (state: Totals = NOTHING, { eventType, payload }) => {
    switch (eventType) {
      case 'invoice.sent': {
        const amountMinor = state.amountMinor + payload.amountMinor;
        return { ...state, sent: state.sent + 1, amountMinor };
      }
      case 'invoice.paid':
        return { ...state, paid: state.paid + 1 };
    }
  },
});

/** What happened to an invoice, one after the other: any other order gives another list. */
export interface Ledger {
  readonly lines: readonly (number | string)[];
}

const EMPTY: Ledger = { lines: [] };

export const ledger = defineProjection('invoice.*', {
  id: 'ledger',
  collection: 'projections_ledger',
  entityType: 'invoice',
  apply: (state: Ledger = EMPTY, { eventType, payload }) => ({
    lines: [...state.lines, eventType === 'invoice.sent' ? payload.amountMinor : payload.paidBy],
  }),
});
