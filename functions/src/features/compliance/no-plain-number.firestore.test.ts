import { expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { codedErrorOf } from '../../events/testing/failure.ts';
import { canonicalText } from '../../events/emit/canonical.ts';
import { readAllDocuments } from '../../composition/testing/all-documents.ts';
import { firestore, logs } from '../../composition/testing/backend.ts';
import { settle } from '../../composition/testing/order-stage.ts';
import { hashParts } from '#kernel';
import { ComplianceStage, OURS, THEIRS } from './testing/compliance-stage.ts';

/** Two phones, as they were written down and by the digits that no way to write them goes without. */
const PLAIN = [THEIRS, OURS, '30901820', '2025550100'];
const E164 = ['+4930901820', '+12025550100'];
const hmac = (number: string) =>
  createHmac('sha256', String(process.env['PHONE_HASH_KEY'])).update(number).digest('hex');

/** Every call there is, with what it is refused for and what it answers. */
async function tellStory(stage: ComplianceStage): Promise<unknown[]> {
  await stage.createCall();
  await stage.grant({ ipAddress: '192.0.2.1', idempotencyKey: 'k' });
  await stage.look(false);
  const call = await stage.createCall({ idempotencyKey: 'call' });
  const attempt = await stage.attempt(call['callId']);
  await stage.start(call['callId']);
  await stage.look(true);
  const answers: unknown[] = [call, attempt, await stage.createCall(), await stage.revoke()];
  await settle();
  const read = [await stage.status(), await stage.trail()];
  const refusals = [
    stage.revoke(),
    stage.grant({ phoneNumber: `${THEIRS} ext. 5` }),
    stage.grant({ source: `asked on ${THEIRS}` }),
    stage.grant({ phoneNumber: '030901820' }),
    stage.grant({ idempotencyKey: 'k', source: 'another form' }),
  ];
  const errors = await Promise.all(refusals.map((refused) => codedErrorOf(() => refused)));
  return [...answers, ...read, ...errors.map(({ message, problems }) => [message, problems])];
}

test('a phone’s number is in no document, answer, refusal and log line, whatever happened to it', async () => {
  const stage = await ComplianceStage.open();
  const answers = await tellStory(stage);
  const documents = await readAllDocuments(firestore);
  const texts = [...documents].map(([path, { data }]) => `${path} ${JSON.stringify(data)}`);
  const all = [...texts, JSON.stringify(answers), JSON.stringify(logs)].join('\n');
  const collections = new Set([...documents.keys()].map((path) => path.split('/')[0]));
  const read = ['domain_events', 'outbox', 'commands', 'calls', 'projections_phone_compliance'];
  expect(read.filter((name) => !collections.has(name))).toEqual([]);
  // Nor is the hash that is the same in every organization.
  const forbidden = [...PLAIN, ...E164.map(hmac)];
  expect(forbidden.filter((text) => all.includes(text))).toEqual([]);
});

test('what is remembered of a call’s input cannot be guessed from a number', async () => {
  const stage = await ComplianceStage.open();
  const { orgId } = stage;
  const phoneNumber = '+4930901820';
  const said = { phoneNumber, consentType: 'marketing', reason: 'asked for it' };
  await stage.grant();
  await stage.revoke();
  const { docs } = await firestore
    .collection('commands')
    .where('command', '==', 'revokeConsent')
    .get();
  const remembered = docs.map((row) => row.get('inputHash') as unknown);
  const hashes = [phoneNumber, THEIRS, hmac(phoneNumber)].map((value) =>
    hashParts(canonicalText({ orgId, ...said, phoneNumber: value })),
  );
  expect(remembered).toEqual([hashes[2]]);
});

test('one phone is another one in another organization', async () => {
  const first = await (await ComplianceStage.open()).grant();
  const second = await (await ComplianceStage.open()).grant();
  expect(first['phoneNumberHash']).not.toBe(second['phoneNumberHash']);
});
