// npm run crash: kills the worker that is sending an e-mail and shows who sends it then; exits 0 when it was sent.
import { readTenantDocuments } from './firestore-reader.ts';
import { signUp, type Person } from './person.ts';
import { runSession, type Session } from './session.ts';
import { QUICK_SETTINGS } from './settings.ts';
import type { StackAddress } from './stack.ts';
import { formatTable } from './table.ts';
import { waitFor } from './wait-for.ts';
import { killFunctionWorkers } from './worker-killer.ts';

type Row = Readonly<Record<string, unknown>>;

const PATIENCE_MS = 60_000;
const LEASE_S = Number(QUICK_SETTINGS.OUTBOX_LEASE_MS) / 1000;

await runSession({ name: 'crash', ports: 'free', run: crash });

async function crash({ stack, say }: Session): Promise<number> {
  // The log e-mail sender takes five seconds for this address, like a provider's simulator.
  const domain = `${crypto.randomUUID().slice(0, 8)}.example.test`;
  const ben = await signUp(stack, 'Ben', `ben@${domain}`);
  const ada = await signUp(stack, 'Ada', `ada+slow5@${domain}`);
  const orgId = await comment(ben, ada);
  const readEmail = (): Promise<Row | undefined> => readCommentEmail(stack, orgId);
  say('  Ben commented; Ada, whose mail provider takes five seconds, is to be sent an e-mail');

  const claimed = await waitForStatus(readEmail, 'processing');
  say(`  The ${byOf(claimed)} claimed the e-mail and is sending it: ${describe(claimed)}`);
  const count = killFunctionWorkers();
  say(`  Killed, with the e-mail on its way: ${String(count)} processes of the functions`);
  say(`  Waiting for the lease of ${String(LEASE_S)} s to end: ${describe(await readEmail())}`);
  const sent = await waitForStatus(async () => {
    await stack.tick();
    return readEmail();
  }, 'sent');
  const history = historyOf(sent);
  say(`  The ${byOf(sent)} took it over and sent it: ${describe(sent)}`);
  say(`\n${formatHistory(history)}\n`);
  await Promise.all([ben.leave(), ada.leave()]);

  const isSurvived = sent['attempts'] === 1 && history.map(endOf).join() === 'crashed,sent';
  say(
    isSurvived
      ? '✓ The worker died, the e-mail was sent, and no attempt was spent on the crash.'
      : '✗ It did not end as it should: one attempt, one start that crashed, and one that sent.',
  );
  return isSurvived ? 0 : 1;
}

/** An organization and a matter of two, and a comment by the first; answers the organization's id. */
async function comment(author: Person, reader: Person): Promise<string> {
  const { orgId } = await author.call<{ orgId: string }>('createOrganization', {
    name: 'Lovelace & Partners',
    email: author.email,
    displayName: author.name,
  });
  const { uid, email, name } = reader;
  await author.call('addMember', { orgId, uid, email, displayName: name, role: 'member' });
  const { matterId } = await author.call<{ matterId: string }>('createMatter', {
    orgId,
    title: 'Babbage v. Difference Engine Co.',
    memberUids: [uid],
  });
  await author.call('addComment', { orgId, matterId, body: 'Are you there?' });
  return orgId;
}

async function readCommentEmail(stack: StackAddress, orgId: string): Promise<Row | undefined> {
  const rows = await readTenantDocuments(stack, 'outbox', orgId);
  return rows.find((row) => row['jobType'] === 'email' && row['eventType'] === 'comment.added');
}

async function waitForStatus(
  readEmail: () => Promise<Row | undefined>,
  status: string,
): Promise<Row> {
  const row = await waitFor<Row | undefined>(readEmail, (found) => found?.['status'] === status, {
    what: `the e-mail to be ${status}`,
    timeoutMs: PATIENCE_MS,
    describe,
  });
  return row ?? {};
}

function describe(row: Row | undefined): string {
  if (row === undefined) return 'no row yet';
  const { status, attempts, crashes } = row;
  return `status ${String(status)}, attempts ${String(attempts)}, crashes ${String(crashes)}`;
}

function historyOf(row: Row): readonly Row[] {
  return Array.isArray(row['history']) ? (row['history'] as readonly Row[]) : [];
}

/** Who started it last. */
function byOf(row: Row): string {
  return String(historyOf(row).at(-1)?.['by']);
}

function endOf(entry: Row): string {
  return String(entry['outcome']);
}

/** The starts of the job: times are seconds from the first. */
function formatHistory(history: readonly Row[]): string {
  const firstMs = Number(history[0]?.['startedAt']);
  const at = (time: unknown): string =>
    typeof time === 'number' ? `${((time - firstMs) / 1000).toFixed(1)} s` : 'never';
  return formatTable<Row>(
    [
      { title: 'start', align: 'right', read: (entry) => at(entry['startedAt']) },
      { title: 'by', read: (entry) => String(entry['by']) },
      { title: 'attempt', align: 'right', read: (entry) => String(entry['attempt']) },
      { title: 'outcome', read: endOf },
      { title: 'end', align: 'right', read: (entry) => at(entry['endedAt']) },
    ],
    history,
  );
}
