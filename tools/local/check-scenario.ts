import { readDeliveries, type Deliveries } from './deliveries.ts';
import { findProblems, isSettled, type Expectation } from './expectations.ts';
import { formatDeliveries } from './report.ts';
import type { Cast } from './scenario.ts';
import type { StackAddress } from './stack.ts';
import { waitFor } from './wait-for.ts';

export interface CheckOptions {
  readonly hasRetries: boolean;
  readonly timeoutMs: number;
}

export interface CheckResult {
  /** What happened, for people. */
  readonly table: string;
  /** What did not happen as it should; empty when all is well. */
  readonly problems: readonly string[];
}

/** Waits until the scenario's jobs have come as far as they can, then judges what was delivered. */
export async function checkScenario(
  stack: StackAddress,
  cast: Cast,
  { hasRetries, timeoutMs }: CheckOptions,
): Promise<CheckResult> {
  const expectation = describeExpectation(cast, hasRetries);
  const read = (): Promise<Deliveries> => readDeliveries(stack, cast.orgId);
  const late: string[] = [];
  try {
    await waitFor(read, (deliveries) => isSettled(deliveries, expectation), {
      what: 'every job to be delivered',
      timeoutMs,
    });
  } catch (error) {
    late.push(error instanceof Error ? error.message : String(error));
  }
  const deliveries = await read();
  const seenByClients = await findClientProblems(cast);
  return {
    table: formatDeliveries(deliveries, expectation),
    problems: [...late, ...findProblems(deliveries, expectation), ...seenByClients],
  };
}

function describeExpectation({ ada, ben, cleo }: Cast, hasRetries: boolean): Expectation {
  return {
    participants: [ada, ben, cleo],
    hasRetries,
    events: {
      // For the admins: Ada is the only one, and it was she who founded and invited.
      'user.joined': { count: 3, told: [] },
      // Cleo comes in a moment later: it depends on when the job reads who the members are.
      'matter.created': { count: 1, told: [ben], mayBeTold: [cleo] },
      'matter.updated': { count: 1, told: [ben, cleo] },
      'comment.added': { count: 1, told: [ada, cleo] },
      'invoice.created': { count: 1, told: [ben, cleo] },
      'invoice.sent': { count: 1, told: [ben, cleo] },
      'invoice.paid': { count: 1, told: [ben, cleo] },
      'payment.received': { count: 1, told: [ben, cleo] },
    },
  };
}

/** What only a client can tell: what the rules show of it, and what they keep back. */
async function findClientProblems({ orgId, ada, cleo }: Cast): Promise<string[]> {
  const problems: string[] = [];
  const seen = await cleo.readOwnNotifications(orgId);
  if (!seen.some((notification) => notification['eventType'] === 'comment.added')) {
    problems.push('Cleo does not see the notification of the comment that mentions her');
  }
  for (const collectionId of ['domain_events', 'outbox']) {
    const refusal = await ada.tryToRead(collectionId);
    if (refusal === 'permission-denied') continue;
    problems.push(`The rules let a client read ${collectionId} (${refusal ?? 'no refusal'})`);
  }
  return problems;
}
