import type { DocumentTransaction } from '#kernel';
import { DAY_MS, hashParts, SERVER_TIME } from '#kernel';
import type { RefusalReason } from './decide-payment.ts';
import type { NoticeHead, PaymentNotice } from './payment-notice.ts';

/** As long as events stay in the hot store. */
const KEEP_REFUSED_MS = 90 * DAY_MS;

/**
 * Keeps a notice that was refused for somebody to look at: which it is, what it said of the order and its
 * money, every text bounded, and nothing else of it; all of it is to be had from the provider by its id.
 * `orgId` is the organization that it named, whoever the order is of.
 */
export async function keepRefused(
  tx: DocumentTransaction,
  notice: NoticeHead | PaymentNotice,
  reason: RefusalReason,
): Promise<void> {
  const { provider, noticeId, noticeType, at } = notice;
  const path = `inbound_refused/${hashParts(provider, noticeId).slice(0, 40)}`;
  // For the time only: whoever takes a notice takes it once.
  const { readAtMs } = await tx.get(path);
  tx.create(path, {
    reason,
    provider,
    noticeId,
    noticeType,
    at,
    ...('step' in notice ? saidBy(notice) : {}),
    receivedAt: SERVER_TIME,
    expireAt: new Date(readAtMs + KEEP_REFUSED_MS),
  });
}

function saidBy(notice: PaymentNotice): Readonly<Record<string, unknown>> {
  const { step, orgId, orderId } = notice;
  if (step === 'expired') return { step, orgId, orderId };
  const { paymentId } = notice;
  if (step !== 'paid') return { step, orgId, orderId, paymentId };
  const { amountMinor, currency } = notice;
  return { step, orgId, orderId, paymentId, amountMinor, currency };
}
