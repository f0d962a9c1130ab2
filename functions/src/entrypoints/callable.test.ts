import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';

// The platform's library tells of every call, through the methods that it found when it was loaded.
jest.spyOn(console, 'debug').mockReturnValue();
const { callable } = await import('./callable.ts');

const NEVER_RUN = { name: 'tryOut', input: z.strictObject({}), run: async () => ({}) };

/** Serves a call as the platform does, without a token of any kind; answers what the client is told. */
async function messageOf(serve: ReturnType<typeof callable>): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>();
  const response = {
    setHeader: () => response,
    getHeader: () => undefined,
    status: () => response,
    send: (body: { error?: { message?: unknown } }) => answer.resolve(body.error?.message),
    on: (event: string, listener: () => void) =>
      event === 'finish' && answer.promise.then(listener),
  };
  const headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' };
  const request = {
    method: 'POST',
    headers,
    header: (name: string) => headers[name.toLowerCase()],
    on: () => request,
    body: { data: {} },
  };
  const run = serve as unknown as (...served: readonly unknown[]) => Promise<void>;
  const [message] = await Promise.all([answer.promise, run(request, response)]);
  return message;
}

describe('a call that no app of ours has made', () => {
  beforeEach(() => {
    delete process.env['FUNCTIONS_EMULATOR'];
  });

  afterEach(() => {
    delete process.env['FUNCTIONS_EMULATOR'];
  });

  test.each([undefined, 'false', ''])(
    'is turned away before it is looked at, with FUNCTIONS_EMULATOR=%p',
    async (emulator) => {
      if (emulator !== undefined) process.env['FUNCTIONS_EMULATOR'] = emulator;
      expect(await messageOf(callable(NEVER_RUN))).toBe('Unauthenticated');
    },
  );

  test('is looked at in the emulator, which has no App Check', async () => {
    process.env['FUNCTIONS_EMULATOR'] = 'true';
    expect(await messageOf(callable(NEVER_RUN))).toBe('Sign in first.');
  });
});
