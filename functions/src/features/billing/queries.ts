import type { QueryShape } from '#kernel';

/**
 * What is owed in any organization and was not found overdue yet, longest due first. One field, there while it
 * is asked for, which Firestore's automatic index answers.
 */
export const INVOICES_BY_DUE_TIME: QueryShape = {
  collectionGroup: 'invoices',
  equals: [],
  orderBy: ['overdueFrom', 'asc'],
};

/** An organization's invoices, oldest first: for its books. */
export const INVOICES_OF_ORG: QueryShape = {
  collectionGroup: 'invoices',
  equals: ['orgId'],
  orderBy: ['createdAt', 'asc'],
};

/** Its payments, oldest first. */
export const PAYMENTS_OF_ORG: QueryShape = { ...INVOICES_OF_ORG, collectionGroup: 'payments' };
