import { type FakeOptions, type Ran, runFake } from './fake-shell.ts';
import { type Call, type Replies, StubApi } from './stub-api.ts';

/** Runs the command line against the stub. Throws where either of them says what the contract does not know. */
export async function runStubbed(
  words: readonly string[],
  replies: Replies,
  options: Omit<FakeOptions, 'fetch'> = {},
): Promise<Ran & { readonly calls: readonly Call[] }> {
  const stub = new StubApi(replies);
  const ran = await runFake(words, { ...options, fetch: stub.fetch });
  if (stub.lies.length > 0) throw new Error(stub.lies.join('\n'));
  return { ...ran, calls: stub.calls };
}
