import { expect, test } from '@jest/globals';
import { addressOf } from './client-address.ts';

test.each<[string | string[] | undefined, string | undefined]>([
  [undefined, '127.0.0.1'],
  ['203.0.113.7', '203.0.113.7'],
  ['6.6.6.6, 203.0.113.7', '203.0.113.7'],
  ['6.6.6.6,, 10.0.0.1 ,2001:db8::7', '2001:db8::7'],
  [['203.0.113.7', '6.6.6.6, 203.0.113.8'], '203.0.113.8'],
  ['203.0.113.7, unknown', undefined],
  ['x'.repeat(300), undefined],
  ['', undefined],
])('of what was forwarded for %j it is %s', (forwarded, address) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  expect(addressOf({ headers, ip: '127.0.0.1' })).toBe(address);
});
