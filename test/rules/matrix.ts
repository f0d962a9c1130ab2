import { PEOPLE } from './people.ts';
import type { Person } from './people.ts';

/**
 * Who may do what with one document: g(et), c(reate), u(pdate), d(elete).
 * Updating is saying something else in it; of a notification, marking it read.
 */
const DOCUMENTS = `
                                    nobody  stranger  foreigner  outsider  insider  admin  leaver
orgs/org1                           -       -         -          g         g        g      -
orgs/org1/members/insider           -       -         -          g         g        g      -
matters/matter1                     -       -         -          -         g        g      -
matters/matter1/comments/comment1   -       -         -          -         g        g      -
matters/matter1/tasks/task1         -       -         -          -         g        g      -
matters/matter1/documents/document1  -      -         -          -         g        g      -
clients/client1                     -       -         -          g         g        g      -
invoices/ofMatter                   -       -         -          -         g        g      -
invoices/ofOrg                      -       -         -          -         -        g      -
payments/ofMatter                   -       -         -          -         g        g      -
payments/ofOrg                      -       -         -          -         -        g      -
orders/ofMatter                     -       -         -          -         g        g      -
orders/ofOrg                        -       -         -          -         -        g      -
fulfillments/ofMatter               -       -         -          -         g        g      -
fulfillments/ofOrg                  -       -         -          -         -        g      -
shipments/ofMatter                  -       -         -          -         g        g      -
shipments/ofOrg                     -       -         -          -         -        g      -
notifications/newer                 -       -         -          -         gu       -      -
notifications/leavers               -       -         -          -         -        -      -
`;

/** Who may ask what: the queries of `queries.ts` beside this file, by their names. */
const QUERIES = `
                                    nobody  stranger  foreigner  outsider  insider  admin  leaver
all organizations                   -       -         -          -         -        -      -
members of the organization         -       -         -          yes       yes      yes    -
members of all organizations        -       -         -          -         -        -      -
matters of the organization         -       -         -          -         -        yes    -
own matters of the organization     -       -         -          yes       yes      yes    -
own matters of all organizations    -       -         -          -         -        -      -
comments of the matter              -       -         -          -         yes      yes    -
comments of all matters             -       -         -          -         -        -      -
tasks of the matter                 -       -         -          -         yes      yes    -
open tasks of the matter            -       -         -          -         yes      yes    -
tasks of all matters                -       -         -          -         -        -      -
documents of the matter             -       -         -          -         yes      yes    -
documents of all matters            -       -         -          -         -        -      -
clients of the organization         -       -         -          yes       yes      yes    -
all clients                         -       -         -          -         -        -      -
invoices of the organization        -       -         -          -         -        yes    -
invoices of the matter              -       -         -          -         yes      yes    -
invoices of no matter               -       -         -          -         -        yes    -
payments of the organization        -       -         -          -         -        yes    -
payments of the matter              -       -         -          -         yes      yes    -
payments of no matter               -       -         -          -         -        yes    -
orders of the organization          -       -         -          -         -        yes    -
orders of the matter                -       -         -          -         yes      yes    -
orders of no matter                 -       -         -          -         -        yes    -
fulfillments of the organization    -       -         -          -         -        yes    -
fulfillments of the matter          -       -         -          -         yes      yes    -
fulfillments of no matter           -       -         -          -         -        yes    -
shipments of the organization       -       -         -          -         -        yes    -
shipments of the matter             -       -         -          -         yes      yes    -
shipments of no matter              -       -         -          -         -        yes    -
own notifications                   -       -         -          yes       yes      yes    -
own of all organizations            -       -         -          -         -        -      -
notifications of the insider        -       -         -          -         yes      -      -
notifications of the organization   -       -         -          -         -        -      -
`;

/**
 * Collections that no client ever sees, those of features still to come (each opens its own when it
 * does), and some that nobody ever heard of.
 */
export const CLOSED = `
  domain_events outbox outbox_controls outbox_metrics commands streams
  inbox audit_log snapshots operations event_types rate_limits archives
  notification_ledger notification_preferences digest_items email_suppressions
  webhook_endpoints webhook_deliveries shadow_deliveries inbound_refused
  projection_state projections_orders projections_matter_billing
  projections_phone_compliance projections_call_statistics
  calls consents
  never_heard_of orgs/org1/never_heard_of matters/matter1/comments/comment1/replies
`
  .trim()
  .split(/\s+/);

/** One cell of a grid. */
export interface Cell {
  readonly row: string;
  readonly person: Person;
  readonly expected: string;
}

function parse(grid: string): Cell[] {
  const [head = '', ...rows] = grid.trim().split('\n');
  if (head.trim().split(/\s+/).join() !== PEOPLE.join())
    throw new Error('Other people than known.');
  return rows.flatMap((line) => {
    const [row = '', ...cells] = line.split(/\s{2,}/);
    if (cells.length !== PEOPLE.length) throw new Error(`${row} has ${cells.length} cells.`);
    return PEOPLE.map((person, index) => ({ row, person, expected: cells[index] ?? '' }));
  });
}

export const documentCells = parse(DOCUMENTS);
export const queryCells = parse(QUERIES);
