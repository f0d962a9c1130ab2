import { describe, expect, test } from '@jest/globals';
import { codedErrorOf } from '../../../events/testing/failure.ts';
import { signatureOf } from '../testing/sign.ts';
import { parseWebhookSecrets } from './secrets.ts';
import { verifySignature } from './verify-signature.ts';

const OLD = 'whsec_old';
const NEW = 'whsec_new';
const payload = JSON.stringify({ id: 'evt_1', object: 'event', text: 'ü' });
const body = Buffer.from(payload);

const headerBy = (secret: string, options?: Parameters<typeof signatureOf>[2]) =>
  signatureOf(payload, secret, options);

const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

describe('a body', () => {
  test.each([
    ['by the secret in use', OLD],
    ['by the one that replaces it', NEW],
  ])('signed %s is what it says', async (_, secret) => {
    const signed = { body, signature: headerBy(secret) };
    const event = { id: 'evt_1', object: 'event', text: 'ü' };
    expect(await verifySignature(signed, [OLD, NEW])).toEqual({ kind: 'signed', event });
  });

  test('signed almost five minutes ago is taken', async () => {
    const signature = headerBy(OLD, { timestamp: secondsAgo(290) });
    expect(await verifySignature({ body, signature }, [OLD])).toMatchObject({ kind: 'signed' });
  });

  test.each([
    ['without a signature', undefined],
    ['with an empty one', ''],
    ['with one that is none', 'v1=abc'],
    ['signed by a secret that was taken back', headerBy('whsec_stolen')],
    ['signed more than five minutes ago', headerBy(OLD, { timestamp: secondsAgo(310) })],
    ['signed in another scheme', headerBy(OLD, { scheme: 'v0' })],
    ['whose signature was made for later', headerBy(OLD).replace(/^t=\d+/, 't=9999999999')],
    ['signed by nothing at no time', 't=,v1='],
    ['signed by nothing', 't=1,v1='],
    ['signed by something too short', `t=${secondsAgo(0)},v1=00`],
    ['signed by what is no ASCII', `t=${secondsAgo(0)},v1=${'é'.repeat(64)}`],
  ])('%s is refused', async (_, signature) => {
    expect(await verifySignature({ body, signature }, [OLD, NEW])).toEqual({ kind: 'refused' });
  });

  test('of which a byte was changed is refused', async () => {
    const changed = Buffer.from(payload.replace('evt_1', 'evt_2'));
    const signed = { body: changed, signature: headerBy(OLD) };
    expect(await verifySignature(signed, [OLD])).toEqual({ kind: 'refused' });
  });

  test('that is empty is refused', async () => {
    const signed = { body: Buffer.alloc(0), signature: headerBy(OLD) };
    expect(await verifySignature(signed, [OLD])).toEqual({ kind: 'refused' });
  });

  test('that is signed and no JSON says nothing', async () => {
    const signed = { body: Buffer.from('no JSON'), signature: signatureOf('no JSON', OLD) };
    const said = { kind: 'signed', event: undefined };
    expect(await verifySignature(signed, [NEW, OLD])).toEqual(said);
  });
});

describe('the setting', () => {
  test.each([
    ['whsec_a', ['whsec_a']],
    ['whsec_a,whsec_b', ['whsec_a', 'whsec_b']],
    [' whsec_a , whsec_b\n', ['whsec_a', 'whsec_b']],
  ])('%j has its secrets', (text, secrets) => {
    expect(parseWebhookSecrets(text)).toEqual(secrets);
  });

  test.each([
    '',
    'none',
    'whsec_',
    'whsec_a,',
    'whsec_a,b',
    'whsec_a,whsec_b,whsec_c',
    'whsec_a b',
  ])('%j is refused, and not said again', async (text) => {
    const error = await codedErrorOf(async () => parseWebhookSecrets(text));
    expect(error.code).toBe('invalid-setting');
    expect(error.problems.map(({ path }) => path)).toEqual(['STRIPE_WEBHOOK_SECRETS']);
    expect(error.message).not.toMatch(/whsec_a|none/);
  });
});
