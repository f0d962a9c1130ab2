import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT_DIR } from '../../tools/paths.ts';
import { playScenario, type Cast } from '../../tools/local/scenario.ts';
import { QUICK_SETTINGS } from '../../tools/local/settings.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { startStack } from '../../tools/local/stack.ts';
import { startTicker, type Ticker } from '../../tools/local/ticker.ts';
import { waitFor } from '../../tools/local/wait-for.ts';
import { startOutbox, type Ended, type Running } from './outbox-command.ts';

type Json = Readonly<Record<string, unknown>>;

const reason = ['--reason', 'The mail provider is back.'];

const homes = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
let stack: Stack;
let cast: Cast;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  // One attempt: Cleo's provider refuses the first, so that her e-mails are dead letters.
  const settings = { ...QUICK_SETTINGS, OUTBOX_MAX_ATTEMPTS: '1' };
  stack = await startStack({ name: 'system-cli', env: settings });
  env = {
    OUTBOX_URL: stack.functionUrl('api'),
    XDG_CONFIG_HOME: mkdtempSync(join(homes, 'home-')),
  };
});

afterAll(async () => {
  await cast?.leave();
  await stack.stop();
  rmSync(homes, { recursive: true });
});

const start = (...words: string[]): Running => startOutbox(words, env);
const outbox = (...words: string[]): Promise<Ended> => start(...words).ended;

async function ask(...words: string[]): Promise<Json> {
  const { exitCode, out, err } = await outbox(...words, '--json');
  if (exitCode !== 0) throw new Error(`outbox ${words.join(' ')} ended with ${exitCode}: ${err}`);
  return JSON.parse(out) as Json;
}

/** Nobody listens there; somebody just did. */
async function findUnusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function tick(): Ticker {
  return startTicker({ tick: () => stack.tick(), everyMs: 500, onError: () => undefined });
}

async function deadLetters(): Promise<readonly Json[]> {
  const { jobs } = await ask('dead-letters');
  return jobs as readonly Json[];
}

describe('the command line', () => {
  test('is nobody’s before somebody signs in', async () => {
    const { exitCode, out, err } = await outbox('stats');
    expect([exitCode, out]).toEqual([3, '']);
    expect(err).toContain('outbox login');
    const { exitCode: signedIn, err: said } = await outbox(
      'login',
      '--emulator',
      `127.0.0.1:${stack.ports.auth}`,
    );
    expect([signedIn, said]).toEqual([0, expect.stringContaining('credentials.json')]);
  });

  test('tells what happened, and what became of it', async () => {
    const tail = async (): Promise<Ended> => {
      const { orgId } = cast;
      const tailing = start('tail', '--org', orgId, '--json');
      await tailing.says('payment.received');
      const matter = { orgId, title: 'Another matter', memberUids: [] };
      const { matterId } = await cast.ada.call<{ matterId: string }>('createMatter', matter);
      await tailing.says(matterId);
      tailing.pressCtrlC();
      return tailing.ended;
    };
    cast = await playScenario(stack, () => undefined);
    const { exitCode, out } = await tail();
    expect(exitCode).toBe(0);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const comment = events.find(({ eventType }) => eventType === 'comment.added');
    await waitFor(deadLetters, (jobs) => jobs.length > 0, {
      what: 'a dead letter',
      timeoutMs: 60_000,
      pollMs: 500,
    });
    const words = [String(comment?.['eventId']), '--org', cast.orgId];
    const traced = await outbox('trace', ...words);
    expect(traced.exitCode).toBe(0);
    expect(traced.out).toContain('← asked for');
    expect(traced.out).toMatch(/[├└]─ ⚙ notif:\S+ {2}sent/);
    expect((await outbox('event', ...words)).out).toContain('can you look at the drawings?');
    expect(await ask('events', '--org', cast.orgId, '--type', 'comment.added')).toMatchObject({
      events: [comment],
    });
  });

  test('counts, lists and explains jobs', async () => {
    const { stats } = (await ask('stats')) as { readonly stats: { readonly total: Json } };
    const [first] = await deadLetters();
    expect(stats.total['failed']).toBeGreaterThan(0);
    const examined = await outbox('doctor');
    // It is the emulator: there is no schedule to look at.
    expect([examined.exitCode, examined.out]).toEqual([
      1,
      expect.stringContaining('Not looked at'),
    ]);
    const { exitCode, out } = await outbox('job', String(first?.['id']));
    expect([exitCode, out]).toEqual([0, expect.stringContaining('attempts-spent')]);
    const listed = await outbox('jobs', '--status', 'failed', '--type', 'email');
    expect([listed.exitCode, listed.out]).toEqual([
      0,
      expect.stringContaining(String(first?.['id'])),
    ]);
  });

  test('redrives many, after --yes, and watches until it is done', async () => {
    const refused = await outbox('redrive', '--type', 'email', ...reason);
    expect([refused.exitCode, refused.out]).toEqual([2, '']);
    const ticker = tick();
    const { exitCode, out, err } = await outbox(
      'redrive',
      '--type',
      'email',
      ...reason,
      '--yes',
      '--json',
    );
    await ticker.stop();
    expect([exitCode, err]).toEqual([0, expect.stringContaining('redrive')]);
    expect(JSON.parse(out)).toMatchObject({ state: 'done', done: expect.any(Number) });
    expect((JSON.parse(out) as Json)['done']).toBeGreaterThan(0);
  });

  test('leaves with Ctrl-C what it has started, and comes back to it', async () => {
    const running = start('redrive', '--all', ...reason, '--yes');
    await running.says('waits for the next tick');
    running.pressCtrlC();
    const { exitCode, out, err } = await running.ended;
    expect([exitCode, out]).toEqual([130, '']);
    const id = /outbox operations watch (\S+)/.exec(err)?.[1] ?? '';
    expect(await ask('operations', 'show', id)).toMatchObject({ state: 'running' });
    expect(await ask('operations', 'pause', id, ...reason)).toMatchObject({ wanted: 'paused' });
    const ticker = tick();
    await waitFor(
      () => ask('operations', 'show', id),
      ({ state }) => state === 'paused',
      { what: 'the operation to pause', timeoutMs: 60_000, pollMs: 500 },
    );
    await ask('operations', 'resume', id, ...reason);
    const watched = await outbox('operations', 'watch', id);
    await ticker.stop();
    expect([watched.exitCode, watched.out]).toEqual([0, expect.stringMatching(/^state +done$/m)]);
    expect((await outbox('operations')).out).toContain(id);
  });

  test('pauses and resumes', async () => {
    await ask('pause', '--type', 'email', ...reason, '--yes');
    expect((await outbox('stats')).out).toContain('The mail provider is back.');
    await ask('resume', '--type', 'email', ...reason, '--yes');
    const { exitCode } = await outbox('resume', '--type', 'notif', ...reason, '--yes');
    expect(exitCode).toBe(5);
  });

  test('does what the page says', async () => {
    const text = readFileSync(
      new URL('../../docs/how-to/use-the-command-line.md', import.meta.url),
      'utf8',
    );
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
    expect(blocks.length).toBeGreaterThan(4);
    const commands = ['set -euo pipefail', ...blocks]
      .join('\n')
      .replaceAll('127.0.0.1:5001', `127.0.0.1:${stack.ports.functions}`)
      .replaceAll('127.0.0.1:9099', `127.0.0.1:${stack.ports.auth}`);
    const home = mkdtempSync(join(homes, 'home-'));
    const options = { cwd: ROOT_DIR, env: { ...process.env, XDG_CONFIG_HOME: home } };
    const { stdout } = await promisify(execFile)('bash', ['-c', commands], options);
    expect(stdout).toContain('as operator@example.test');
    expect(stdout).toContain('"failed": ');
    expect(stdout).toContain('exit code 5');
    expect(stdout).toMatch(/^kind +redrive$/m);
  });

  test('ends with what a script can tell apart', async () => {
    const nowhere = `http://127.0.0.1:${await findUnusedPort()}`;
    const ended = await Promise.all([
      outbox('job', 'no-such-job'),
      outbox('statz'),
      outbox('stats', '--url', nowhere),
      startOutbox(['stats', '--url', nowhere], { ...env, OUTBOX_TOKEN: 'nonsense' }).ended,
      startOutbox(['stats'], { ...env, OUTBOX_TOKEN: 'nonsense' }).ended,
    ]);
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([5, 2, 3, 4, 3]);
    expect(ended[1]?.err).toContain('Did you mean stats?');
    expect(ended[3]?.err).toContain('ECONNREFUSED');
  });
});
