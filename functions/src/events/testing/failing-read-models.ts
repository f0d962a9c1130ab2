import type { Projection } from '../projections/projection.ts';
import { ledger, totals } from './read-models.ts';

/** An amount that old code has no answer to. */
export const TOO_MUCH = 666;

/** The code that is deployed: with `says`, what it says of an amount that is too much, it is old. */
export interface Deployed {
  says: (() => unknown) | undefined;
}

type OfInvoices = Projection<unknown, 'invoice.*'>;

/** The read models of `read-models.ts` as the deployed code has them. */
export function asDeployed(code: Deployed): { totals: OfInvoices; ledger: OfInvoices } {
  const of = (projection: OfInvoices): OfInvoices => ({
    ...projection,
    apply: (state, event) => {
      const { amountMinor } = event.payload as { readonly amountMinor?: number };
      const isWrong = amountMinor === TOO_MUCH && code.says !== undefined;
      return isWrong ? code.says?.() : projection.apply(state, event);
    },
  });
  return { totals: of(totals), ledger: of(ledger) };
}
