import { billingCases } from '../../features/billing/testing/cases.ts';
import { clientCases } from '../../features/clients/testing/cases.ts';
import { commentCases } from '../../features/comments/testing/cases.ts';
import { complianceCases } from '../../features/compliance/testing/cases.ts';
import { documentCases } from '../../features/documents/testing/cases.ts';
import { fulfillmentCases } from '../../features/fulfillment/testing/cases.ts';
import { matterCases } from '../../features/matters/testing/cases.ts';
import { orderCases } from '../../features/orders/testing/cases.ts';
import { organizationCases } from '../../features/organizations/testing/cases.ts';
import { membershipCases } from '../../features/organizations/testing/membership-cases.ts';
import { taskCases } from '../../features/tasks/testing/cases.ts';
import * as commands from '../commands.ts';
import type { AnyCommand } from './backend.ts';
import type { CommandCase } from './command-case.ts';

/** The case of every command; a new command without one does not compile. */
export const cases: Readonly<Record<keyof typeof commands, CommandCase>> = {
  ...organizationCases,
  ...membershipCases,
  ...clientCases,
  ...matterCases,
  ...commentCases,
  ...taskCases,
  ...documentCases,
  ...billingCases,
  ...orderCases,
  ...fulfillmentCases,
  ...complianceCases,
};

/** Every deployed command by its name, with its case. */
export const commandTable = Object.entries(commands).map(
  ([name, command]) =>
    [name, command as unknown as AnyCommand, cases[name as keyof typeof commands]] as const,
);

/** Those that only ask. */
export const questionTable = commandTable.filter(([, { isQuestion }]) => isQuestion === true);

/** All others. */
export const changeTable = commandTable.filter(([, { isQuestion }]) => isQuestion !== true);
