import { expect, test } from '@jest/globals';
import { refuseSameIds } from './subscriptions.ts';

test('two handlers of one id are refused at start: one of them would run the jobs of both', () => {
  const [mail, notif] = [{ jobType: 'email' }, { jobType: 'notif' }];
  expect(() => refuseSameIds([mail, notif])).not.toThrow();
  expect(() => refuseSameIds([mail, notif, mail])).toThrow('Two handlers have the id email.');
});
