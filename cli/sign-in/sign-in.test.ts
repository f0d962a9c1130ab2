import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { emptyHome, fakeShell, type Ran, runFake } from '../testing/fake-shell.ts';
import { stubAuth } from '../testing/stub-auth.ts';
import { LOCAL_URL, readUrl } from './address.ts';
import { credentialsPath, saveCredential } from './credentials.ts';
import { createTokenSource } from './tokens.ts';

type Json = Readonly<Record<string, unknown>>;

function expectNoSecretIn({ out, err }: Ran): void {
  for (const secret of ['refresh-1', 'head.', 'secret-password', 'demo-password']) {
    expect(out + err).not.toContain(secret);
  }
}

describe('at the emulator', () => {
  test('an operator is made, signs in, and stays so in a file that is theirs alone', async () => {
    const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
    const auth = stubAuth(new Map());
    const ran = await runFake(['login', '--emulator'], { fetch: auth.fetch, env });
    expect([ran.exitCode, ran.out]).toEqual([
      0,
      `Signed in at ${LOCAL_URL} as operator@example.test.\n`,
    ]);
    expectNoSecretIn(ran);
    const update = auth.asked.find(({ url }) => url.endsWith(':update'));
    expect(update?.url).toBe(
      'http://127.0.0.1:9099/identitytoolkit.googleapis.com/v1/projects/demo-outbox/accounts:update',
    );
    expect(update?.authorization).toBe('Bearer owner');
    expect(update?.body['customAttributes']).toBe('{"producer":{"orgs":["o"]},"operator":true}');
    expect(statSync(credentialsPath(env)).mode & 0o777).toBe(0o600);

    const jobs = await runFake(['jobs'], { fetch: auth.fetch, env });
    expect(jobs.exitCode).toBe(0);
    expect(auth.tokens).toHaveLength(1);
    expect(auth.tokens[0]).toMatch(/^Bearer head\./);
    expectNoSecretIn(jobs);
  });

  test('it can be done again, and a token goes to no other address', async () => {
    const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
    const auth = stubAuth(new Map([['operator@example.test', 'demo-password']]));
    for (let time = 0; time < 2; time += 1) {
      const { exitCode } = await runFake(['login', '--emulator'], { fetch: auth.fetch, env });
      expect(exitCode).toBe(0);
    }
    const other = await runFake(['jobs', '--url', 'https://elsewhere.test'], {
      fetch: auth.fetch,
      env,
    });
    expect([other.exitCode, auth.tokens]).toEqual([3, []]);
    expect(other.err).toContain('Nobody is signed in at https://elsewhere.test');
  });

  test.each([
    ['an API of elsewhere', ['--url', 'https://example.test', '--emulator']],
    ['an emulator of elsewhere', ['--emulator', 'example.test:9099']],
  ])('%s is refused', async (_, options) => {
    const { exitCode } = await runFake(['login', ...options], stubAuth(new Map()));
    expect(exitCode).toBe(2);
  });
});

describe('at a project', () => {
  const users = new Map([['ada@example.test', 'secret-password']]);
  const words = ['login', '--url', 'https://example.test/', '--api-key', 'k'];

  test('whoever is there is asked; the answers are not shown', async () => {
    const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
    const auth = stubAuth(users);
    const typed = ['ada@example.test', 'secret-password'];
    const ran = await runFake(words, { fetch: auth.fetch, env, typed });
    expect([ran.exitCode, ran.asked]).toEqual([0, ['E-mail: ', 'Password: ']]);
    expect(ran.err).toContain('no operator');
    expectNoSecretIn(ran);
    expect(auth.asked[0]?.url).toBe(
      'https://identitytoolkit.googleapis.com/v1/accounts:signInWithPassword',
    );
    const kept = JSON.parse(readFileSync(credentialsPath(env), 'utf8')) as Json;
    expect(kept).toEqual({
      'https://example.test': { apiKey: 'k', email: 'ada@example.test', refreshToken: 'refresh-1' },
    });
    expect(JSON.stringify(kept)).not.toContain('secret-password');
  });

  test('a wrong password is 3, and nothing is kept', async () => {
    const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome(), OUTBOX_PASSWORD: 'wrong' };
    const { exitCode, err } = await runFake([...words, '--email', 'ada@example.test'], {
      ...stubAuth(users),
      env,
    });
    expect(exitCode).toBe(3);
    expect(err).toContain('INVALID_LOGIN_CREDENTIALS');
    expect(() => statSync(credentialsPath(env))).toThrow(/ENOENT/);
  });

  test('where nobody is there, what is missing is named', async () => {
    const noEmail = await runFake(words, stubAuth(users));
    expect([noEmail.exitCode, noEmail.err]).toEqual([2, expect.stringContaining('--email')]);
    const noKeyWords = ['login', '--url', 'https://example.test', '--email', 'ada@example.test'];
    const noKey = await runFake(noKeyWords, { ...stubAuth(users), env: { OUTBOX_API_KEY: '' } });
    expect([noKey.exitCode, noKey.err]).toEqual([2, expect.stringContaining('--api-key')]);
  });
});

test('a token is used until five minutes before its end, then there is a new one', async () => {
  const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
  const auth = stubAuth(new Map());
  await runFake(['login', '--emulator'], { fetch: auth.fetch, env });
  let nowMs = Date.parse('2030-01-01T00:00:00Z');
  const token = createTokenSource(
    { ...fakeShell({ fetch: auth.fetch }).shell, env, now: () => nowMs },
    LOCAL_URL,
  );
  const renewals = (): number => auth.asked.filter(({ url }) => url.endsWith('/token')).length;
  expect(await token()).toMatch(/^head\./);
  nowMs += 54 * 60_000;
  await token();
  expect(renewals()).toBe(1);
  nowMs += 2 * 60_000;
  await token();
  expect(renewals()).toBe(2);
});

test('who was signed out elsewhere is told so', async () => {
  const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
  const credential = { apiKey: 'k', email: 'ada@example.test', refreshToken: 'an-old-one' };
  const url = 'https://example.test';
  saveCredential(env, url, credential);
  const { exitCode, err } = await runFake(['jobs', '--url', url], {
    ...stubAuth(new Map()),
    env,
  });
  expect(exitCode).toBe(3);
  expect(err).toContain('ada@example.test is signed in no longer (INVALID_REFRESH_TOKEN)');
  expect(err).not.toContain('an-old-one');
});

describe('what cannot be used', () => {
  test('a folder that cannot be made is said, with what to do, and not as a stack', async () => {
    const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: '/dev/null' };
    const { exitCode, err } = await runFake(['login', '--emulator'], {
      ...stubAuth(new Map()),
      env,
    });
    expect(exitCode).toBe(1);
    expect(err).toContain('outbox: /dev/null/outbox/credentials.json cannot be written');
    expect(err).toContain('XDG_CONFIG_HOME');
  });

  test.each(['null', '7', '[]', '{', `{"${LOCAL_URL}":null}`, `{"${LOCAL_URL}":{"email":"a"}}`])(
    'a file of %p holds nobody',
    async (text) => {
      const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
      mkdirSync(dirname(credentialsPath(env)));
      writeFileSync(credentialsPath(env), text);
      const { exitCode, err } = await runFake(['jobs'], { ...stubAuth(new Map()), env });
      expect(exitCode).toBe(3);
      expect(err).toContain('Nobody is signed in');
    },
  );

  test('a token of two lines is refused before it is sent', async () => {
    const auth = stubAuth(new Map());
    const env = { OUTBOX_TOKEN: 'secret-1\nsecret-2' };
    const { exitCode, err } = await runFake(['jobs'], { fetch: auth.fetch, env });
    expect([exitCode, auth.tokens]).toEqual([2, []]);
    expect(err).toContain('OUTBOX_TOKEN is no token');
    expect(err).not.toContain('secret');
  });

  test('what was kept without an emulator goes to nobody for an API of this machine', async () => {
    const env = { OUTBOX_TOKEN: '', XDG_CONFIG_HOME: emptyHome() };
    const auth = stubAuth(new Map());
    const credential = { apiKey: 'k', email: 'ada@example.test', refreshToken: 'refresh-1' };
    saveCredential(env, LOCAL_URL, credential);
    const { exitCode, err } = await runFake(['jobs'], { fetch: auth.fetch, env });
    expect([exitCode, auth.asked, auth.tokens]).toEqual([3, [], []]);
    expect(err).toContain('at no emulator');
    const login = await runFake(['login', '--api-key', 'k'], { fetch: auth.fetch, env });
    expect([login.exitCode, auth.asked]).toEqual([2, []]);
    expect(login.err).toContain('outbox login --emulator');
  });
});

test('an empty OUTBOX_URL is as none', () => {
  expect(readUrl(undefined, { OUTBOX_URL: '' })).toBe(LOCAL_URL);
});
