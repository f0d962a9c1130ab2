import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadCallables, post } from './testing/deployed.ts';
import type { AllDocuments } from '../composition/testing/all-documents.ts';
import { readAllDocuments, restoreDocuments } from '../composition/testing/all-documents.ts';
import type { AnyCommand } from '../composition/testing/backend.ts';
import { firestore } from '../composition/testing/backend.ts';
import { commandTable } from '../composition/testing/command-cases.ts';
import type { World } from '../composition/testing/world.ts';
import { aWorld } from '../composition/testing/world.ts';
import { measure } from '../kernel/testing/meter.ts';
import type { WireAnswer } from './testing/deployed.ts';
import { expiredTokenOf, openAuth, tokenOf } from './testing/tokens.ts';

/**
 * `none` has no token; zoe is an admin elsewhere; eve is a member outside the matter that ben and cleo are in;
 * ada is an admin; pia and ops have the claims of a producer and of an operator, which say nothing here.
 */
const PEOPLE = ['none', 'expired', 'zoe', 'eve', 'ben', 'cleo', 'ada', 'pia', 'ops'];

const EXPECTED = `
                       none  expired  zoe  eve  ben  cleo  ada  pia  ops
addComment             401   401      403  403  200  200   200  403  403
addMatterMember        401   401      403  403  200  200   200  403  403
addMember              401   401      403  403  403  403   200  403  403
assignTask             401   401      403  403  200  200   200  403  403
attemptCall            401   401      403  200  200  200   200  403  403
changeMemberRole       401   401      403  403  403  403   200  403  403
completeTask           401   401      403  403  200  200   200  403  403
createCall             401   401      403  200  200  200   200  403  403
createClient           401   401      403  200  200  200   200  403  403
createInvoice          401   401      403  403  200  200   200  403  403
createMatter           401   401      403  200  200  200   200  403  403
createOrder            401   401      403  403  200  200   200  403  403
createOrganization     401   401      200  200  200  200   200  200  200
createTask             401   401      403  403  200  200   200  403  403
deleteComment          401   401      403  403  403  200   200  403  403
grantConsent           401   401      403  200  200  200   200  403  403
markShipmentDelivered  401   401      403  403  200  200   200  403  403
markShipmentInTransit  401   401      403  403  200  200   200  403  403
markShipmentReady      401   401      403  403  200  200   200  403  403
readCallStatistics     401   401      403  403  403  403   200  403  403
readPhoneStatus        401   401      403  200  200  200   200  403  403
readPhoneTrail         401   401      403  403  403  403   200  403  403
recordDncCheck         401   401      403  200  200  200   200  403  403
recordPayment          401   401      403  403  200  200   200  403  403
removeMember           401   401      403  403  200  403   200  403  403
revokeConsent          401   401      403  200  200  200   200  403  403
sendCheckout           401   401      403  403  200  200   200  403  403
sendInvoice            401   401      403  403  200  200   200  403  403
startCall              401   401      403  200  200  200   200  403  403
updateComment          401   401      403  403  403  200   403  403  403
updateMatter           401   401      403  403  200  200   200  403  403
updateTask             401   401      403  403  200  200   200  403  403
uploadDocument         401   401      403  403  200  200   200  403  403
voidInvoice            401   401      403  403  200  200   200  403  403
`;

const claims: Readonly<Record<string, (world: World) => object>> = {
  pia: ({ orgId }) => ({ producer: { orgs: [orgId], types: ['*'] } }),
  ops: () => ({ operator: true }),
};

const [head = '', ...lines] = EXPECTED.trim().split('\n');
const expected = lines.map((line) => {
  const [name = '', ...statuses] = line.trim().split(/\s+/);
  return [name, statuses.map(Number)] as const;
});
const commands = new Map(commandTable.map(([name, ...rest]) => [name, rest] as const));

let callables: Awaited<ReturnType<typeof loadCallables>>;
let closeAuth: () => void;
let world: World;
/** Whoever may do something finds it as everybody before. */
let before: AllDocuments;

beforeAll(async () => {
  closeAuth = await openAuth();
  callables = await loadCallables();
  world = await aWorld();
  before = await readAllDocuments(firestore);
});

afterAll(() => closeAuth());

function tokenOfPerson(person: string): string | undefined {
  if (person === 'none') return undefined;
  if (person === 'expired') return expiredTokenOf('ada');
  return tokenOf(person, { ...claims[person]?.(world) });
}

function ask(name: string, person: string, said: object = {}): Promise<WireAnswer> {
  const [, { input }] = commands.get(name)!;
  const data = { ...input(world), ...said };
  return post(callables.get(name)!, tokenOfPerson(person), { data });
}

function takes(command: AnyCommand, field: string): boolean {
  return field in command.input.shape;
}

describe('the matrix of who may call what', () => {
  test('has every callable that is deployed, and every person', () => {
    expect(head.trim().split(/\s+/)).toEqual(PEOPLE);
    const names = expected.map(([name]) => name);
    expect(names).toEqual([...callables.keys()].toSorted());
    expect(names).toEqual([...commands.keys()].toSorted());
  });

  const cells = expected.flatMap(([name, statuses]) =>
    PEOPLE.map((person, index) => [name, person, statuses[index]] as const),
  );

  test.each(cells)('%s by %s: %i', async (name, person, status) => {
    const [command] = commands.get(name)!;
    let answer: WireAnswer | undefined;
    const { writes, deletes } = await measure(firestore, async () => {
      answer = await ask(name, person);
    });
    const isChanged = writes + deletes > 0;
    if (isChanged) await restoreDocuments(firestore, before);
    expect(answer?.status).toBe(status);
    expect(isChanged).toBe(status === 200 && command.isQuestion !== true);
    if (person !== 'zoe' || !takes(command, 'orgId')) return;
    // A stranger is told nothing else where there is no such organization at all.
    const nowhere = await ask(name, person, { orgId: 'nowhere' });
    expect(nowhere).toEqual(answer);
  });
});
