import type { Firestore, Query } from 'firebase/firestore';
import { collection, collectionGroup, orderBy, query, where } from 'firebase/firestore';
import type { Person } from './people.ts';

type Ask = (firestore: Firestore, person: Person) => Query;

const ofOrganization = where('orgId', '==', 'org1');
const isIn = (person: Person) => where('memberUids', 'array-contains', person);

function business(
  name: 'invoices' | 'payments' | 'orders' | 'fulfillments' | 'shipments',
): Record<string, Ask> {
  return {
    [`${name} of the organization`]: (db) => query(collection(db, name), ofOrganization),
    [`${name} of the matter`]: (db) =>
      query(collection(db, name), ofOrganization, where('matterId', '==', 'matter1')),
    [`${name} of no matter`]: (db) =>
      query(collection(db, name), ofOrganization, where('matterId', '==', null)),
  };
}

function notificationsOf(firestore: Firestore, person: Person): Query {
  return query(
    collection(firestore, 'notifications'),
    ofOrganization,
    where('recipientUid', '==', person),
    orderBy('createdAt', 'desc'),
  );
}

/** What client apps ask, and what they had better not be answered. */
export const queries: Readonly<Record<string, Ask>> = {
  'all organizations': (db) => collection(db, 'orgs'),
  'members of the organization': (db) => collection(db, 'orgs/org1/members'),
  'members of all organizations': (db) => collectionGroup(db, 'members'),
  'matters of the organization': (db) => query(collection(db, 'matters'), ofOrganization),
  'own matters of the organization': (db, person) =>
    query(collection(db, 'matters'), ofOrganization, isIn(person)),
  'own matters of all organizations': (db, person) =>
    query(collection(db, 'matters'), isIn(person)),
  'comments of the matter': (db) => collection(db, 'matters/matter1/comments'),
  'comments of all matters': (db) => query(collectionGroup(db, 'comments'), ofOrganization),
  'tasks of the matter': (db) => collection(db, 'matters/matter1/tasks'),
  'open tasks of the matter': (db) =>
    query(
      collection(db, 'matters/matter1/tasks'),
      where('status', '==', 'open'),
      orderBy('createdAt', 'desc'),
    ),
  'tasks of all matters': (db) => query(collectionGroup(db, 'tasks'), ofOrganization),
  'documents of the matter': (db) => collection(db, 'matters/matter1/documents'),
  'documents of all matters': (db) => query(collectionGroup(db, 'documents'), ofOrganization),
  'clients of the organization': (db) => query(collection(db, 'clients'), ofOrganization),
  'all clients': (db) => collection(db, 'clients'),
  ...business('invoices'),
  ...business('payments'),
  ...business('orders'),
  ...business('fulfillments'),
  ...business('shipments'),
  'own notifications': (db, person) => notificationsOf(db, person),
  'own of all organizations': (db, person) =>
    query(
      collection(db, 'notifications'),
      where('recipientUid', '==', person),
      orderBy('createdAt', 'desc'),
    ),
  'notifications of the insider': (db) => notificationsOf(db, 'insider'),
  'notifications of the organization': (db) =>
    query(collection(db, 'notifications'), ofOrganization),
};
