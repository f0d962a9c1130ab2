import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import type { PhoneToken } from './phone-number.ts';
import { parsePhoneHashKey, phoneHashIn, phoneNumberInput } from './phone-number.ts';

const KEY = 'k'.repeat(32);
const input = phoneNumberInput(() => KEY);
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');
const read = (text: unknown) => input.safeParseAsync(text);

describe('a number', () => {
  test.each([
    ['+49 30 901820', '+4930901820'],
    ['+49 (0) 30 / 901820', '+4930901820'],
    ['+1 (202) 555-0100', '+12025550100'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+4930٩01820', '+4930901820'],
  ])('%s is the hash of %s', async (text, number) => {
    expect(await read(text)).toEqual({ success: true, data: hmac(KEY, number) });
  });

  test.each([
    ['of one country only', '030 901820'],
    ['with an extension', '+1 202 555 0100 ext. 5'],
    ['too short', '+49 30'],
    ['too long', '+1 202 555 01000'],
    ['of no country', '+999 12345'],
    ['within a text', 'call +49 30 901820'],
    ['of nothing', ''],
  ])('%s is refused without being repeated', async (_, text) => {
    const { error } = await read(text);
    const message = 'expected a phone number in international form, such as +49 30 901820';
    expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  test.each([7, null, {}, '4'.repeat(51)])('is no number as %p', async (text) => {
    expect((await read(text)).success).toBe(false);
  });
});

describe('the hash of a phone in an organization', () => {
  const token = hmac(KEY, '+4930901820') as PhoneToken;

  test('is keyed by the number’s own', () => {
    expect(phoneHashIn('org1', token)).toBe(hmac(token, 'org1'));
  });

  test('is another one in another organization, and with another key', async () => {
    const other = await phoneNumberInput(() => 'x'.repeat(32)).parseAsync('+49 30 901820');
    const hashes = [phoneHashIn('org1', token), phoneHashIn('org2', token)];
    expect(new Set([...hashes, phoneHashIn('org1', other), token]).size).toBe(4);
  });
});

describe('the key', () => {
  test('is taken without the line break that a file ends with', () => {
    expect(parsePhoneHashKey(KEY)).toBe(KEY);
    expect(parsePhoneHashKey(`${KEY}\n`)).toBe(KEY);
  });

  test.each(['', 'k'.repeat(31), `${KEY} ${KEY}`])('is refused as %p', (text) => {
    expect(() => parsePhoneHashKey(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-setting',
        message: expect.not.stringMatching(/k{9}/),
      }),
    );
  });
});
