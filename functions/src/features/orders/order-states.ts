/** How far an order came. */
export const ORDER_STATUSES = [
  'created',
  'checkout_sent',
  'payment_processing',
  'paid',
  'payment_failed',
  'checkout_expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/**
 * What may follow what. Money that came in is a fact in every state; a link may be sent again until the order
 * is paid or a payment is under way; nothing follows `paid`.
 */
const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  created: ['checkout_sent', 'payment_processing', 'paid', 'payment_failed'],
  checkout_sent: [
    'checkout_sent',
    'payment_processing',
    'paid',
    'payment_failed',
    'checkout_expired',
  ],
  payment_processing: ['paid', 'payment_failed'],
  payment_failed: [
    'checkout_sent',
    'payment_processing',
    'paid',
    'payment_failed',
    'checkout_expired',
  ],
  checkout_expired: ['checkout_sent', 'paid'],
  paid: [],
};

/** Whether an order of this status may take that one. */
export function mayBecome(status: OrderStatus, next: OrderStatus): boolean {
  return NEXT[status].includes(next);
}
