import { decimalsOf } from './currencies.ts';
import type { Order } from './order.ts';

/** What a client is written with the link to pay an order. */
export function checkoutMessage({
  amountMinor,
  currency,
  checkoutUrl = '',
  lines,
}: Pick<Order, 'amountMinor' | 'currency' | 'checkoutUrl' | 'lines'>): {
  readonly subject: string;
  readonly text: string;
} {
  const items = lines.map(({ quantity, title }) => `${quantity} × ${title}`);
  return {
    subject: 'Your order',
    text: [`To pay: ${inWords(amountMinor, currency)}`, ...items, checkoutUrl].join('\n'),
  };
}

/** `EUR 125.00` */
function inWords(amountMinor: number, currency: string): string {
  const digits = decimalsOf(currency);
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amountMinor / 10 ** digits).replaceAll('\u00A0', ' ');
}
