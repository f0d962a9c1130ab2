import { signUp, type Person } from './person.ts';
import type { StackAddress } from './stack.ts';

/** Everybody in the story, and what it is about. */
export interface Cast {
  readonly orgId: string;
  readonly ada: Person;
  readonly ben: Person;
  /** Their e-mail provider refuses every message twice before it takes it. */
  readonly cleo: Person;
  /** Closes their apps' connections. */
  leave(): Promise<void>;
}

type Say = (line: string) => void;

/** Three people of a law firm at work, as their client apps would do it. */
export async function playScenario(stack: StackAddress, say: Say): Promise<Cast> {
  const people: Person[] = [];
  const arrive = async (name: string, email: string): Promise<Person> => {
    const person = await signUp(stack, name, email);
    people.push(person);
    return person;
  };
  const leave = async (): Promise<void> => {
    await Promise.all(people.map((person) => person.leave()));
  };
  try {
    // A domain of its own, since the story may be played more than once.
    const domain = `${crypto.randomUUID().slice(0, 8)}.example.test`;
    const ada = await arrive('Ada', `ada@${domain}`);
    const ben = await arrive('Ben', `ben@${domain}`);
    // The log e-mail sender fails this address's first attempt, like a provider's simulator.
    const cleo = await arrive('Cleo', `cleo+fail1@${domain}`);
    say(`Ada, Ben and Cleo signed in: ${people.map(({ email }) => email).join(', ')}`);
    say("(Cleo's mail provider refuses each e-mail once, on purpose)");
    const orgId = await foundOrganization(ada, [ben, cleo], say);
    const cast = { orgId, ada, ben, cleo, leave };
    const matterId = await openMatter(cast, say);
    await comment(cast, matterId, say);
    await bill(cast, matterId, say);
    return cast;
  } catch (error) {
    await leave();
    throw error;
  }
}

async function foundOrganization(
  founder: Person,
  members: readonly Person[],
  say: Say,
): Promise<string> {
  const { orgId } = await founder.call<{ orgId: string }>('createOrganization', {
    name: 'Lovelace & Partners',
    email: founder.email,
    displayName: founder.name,
  });
  say(`${founder.name} founded Lovelace & Partners`);
  for (const { uid, email, name } of members) {
    const input = { orgId, uid, email, displayName: name, role: 'member' };
    await founder.call('addMember', input);
    say(`${name} joined`);
  }
  return orgId;
}

async function openMatter({ orgId, ada, ben, cleo }: Cast, say: Say): Promise<string> {
  const title = 'Babbage v. Difference Engine Co.';
  const memberUids = [ada.uid, ben.uid];
  const { matterId } = await ada.call<{ matterId: string }>('createMatter', {
    orgId,
    title,
    memberUids,
  });
  await ada.call('addMatterMember', { orgId, matterId, uid: cleo.uid });
  say(`Ada opened the matter "${title}" with Ben, then added Cleo`);
  return matterId;
}

/** Ben's app loses the first answer and sends the comment again, with the same key. */
async function comment({ orgId, ben, cleo }: Cast, matterId: string, say: Say): Promise<void> {
  const input = {
    orgId,
    matterId,
    body: 'Cleo, can you look at the drawings?',
    mentions: [cleo.uid],
    idempotencyKey: 'bens-first-comment',
  };
  const first = await ben.call<{ commentId: string }>('addComment', input);
  const second = await ben.call<{ commentId: string }>('addComment', input);
  if (first.commentId !== second.commentId) {
    throw new Error('addComment with the same idempotencyKey made two comments instead of one');
  }
  say('Ben commented and mentioned Cleo; his app sent it twice, and it counted once');
}

async function bill({ orgId, ada }: Cast, matterId: string, say: Say): Promise<void> {
  const price = { amountMinor: 125_000, currency: 'EUR' };
  const invoice = { orgId, matterId, ...price };
  const { invoiceId } = await ada.call<{ invoiceId: string }>('createInvoice', invoice);
  await ada.call('sendInvoice', { orgId, invoiceId });
  await ada.call('recordPayment', { orgId, invoiceId, ...price });
  say('Ada created an invoice over 1,250.00 EUR, sent it, and recorded its payment');
}
