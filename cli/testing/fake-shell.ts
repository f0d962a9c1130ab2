import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { run } from '../run.ts';
import type { Shell } from '../shell.ts';

export interface FakeOptions {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly env?: Shell['env'];
  /** What is typed, one after the other; with any, somebody is there. */
  readonly typed?: readonly string[];
  /** A terminal this wide; undefined: a file. */
  readonly width?: number;
  /** After so many waits comes Ctrl-C. */
  readonly interruptAfterWaits?: number;
}

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** How long it waited, each time. */
  readonly waitsMs: readonly number[];
  readonly asked: readonly string[];
}

interface FakeShell extends Pick<Ran, 'waitsMs' | 'asked'> {
  readonly shell: Shell;
  /** What was written, so far. */
  readonly texts: Pick<Ran, 'out' | 'err'>;
}

const homes = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
afterAll(() => rmSync(homes, { recursive: true }));

/** A folder of nobody. */
export function emptyHome(): string {
  return mkdtempSync(join(homes, 'home-'));
}

/** Everything around the command line, made up: no time passes but what it waits for. */
export function fakeShell(options: FakeOptions): FakeShell {
  const { typed, width, interruptAfterWaits = Infinity } = options;
  const texts = { out: '', err: '' };
  const waitsMs: number[] = [];
  const asked: string[] = [];
  const answers = [...(typed ?? [])];
  const controller = new AbortController();
  let nowMs = Date.parse('2030-01-01T00:00:00Z');
  let keys = 0;
  const stream = (name: keyof typeof texts): Shell['out'] => ({
    write: (text) => (texts[name] += text),
    isTerminal: width !== undefined,
    width,
  });
  const shell: Shell = {
    out: stream('out'),
    err: stream('err'),
    env: { OUTBOX_TOKEN: 'a-token', XDG_CONFIG_HOME: '/nonexistent', ...options.env },
    canAsk: typed !== undefined,
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
    fetch: options.fetch,
    now: () => nowMs,
    newKey: () => `key-${(keys += 1)}`,
    wait: async (ms) => {
      waitsMs.push(ms);
      nowMs += ms;
      if (waitsMs.length >= interruptAfterWaits) controller.abort();
    },
    interrupted: controller.signal,
  };
  return { shell, texts, waitsMs, asked };
}

/** Runs the command line in it. */
export async function runFake(words: readonly string[], options: FakeOptions): Promise<Ran> {
  const { shell, texts, waitsMs, asked } = fakeShell(options);
  const exitCode = await run(words, shell);
  return { exitCode, ...texts, waitsMs, asked };
}
