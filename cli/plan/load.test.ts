import { expect, test } from '@jest/globals';
import { readLoad } from './load.ts';

test.each([
  ['events', '0', 'events', /from 0.001 to 100,000/],
  ['events', '100001', 'events', /100,000/],
  ['external', '2', 'external', /from 0 to 1/],
  ['payloadBytes', 'much', 'payload', /from 0 to 256,000/],
  ['retries', '', 'retries', /from 0 to 1/],
  ['sendMs', 'NaN', 'send-ms', /from 1/],
  ['sendMs', '60000', 'send-ms', /from 1 to 45,000/],
  ['keptDays', '6', 'kept-days', /from 7/],
  ['events', '0x10', 'events', /from 0.001/],
  ['events', '1e3', 'events', /from 0.001/],
  ['retries', '0,5', 'retries', /from 0 to 1/],
])('a load with %s %p is refused by its name', (name, text, flag, message) => {
  expect(readLoad({ [name]: text })).toEqual({
    kind: 'wrong',
    flag,
    message: expect.stringMatching(message),
  });
});

test('thousands may be set apart', () => {
  expect(readLoad({ events: '100,000' })).toMatchObject({ load: { events: 100_000 } });
});
