import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { QUICK_SETTINGS } from '../../tools/local/settings.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { startStack } from '../../tools/local/stack.ts';
import { playAndCheck } from './story.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ name: 'system-no-trigger', env: QUICK_SETTINGS, trigger: false });
});

afterAll(() => stack.stop());

describe('with the trigger lost', () => {
  test('the tick alone delivers everything', () => playAndCheck(stack, { hasTick: true }));
});
