import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { EXIT_CODES } from './exit-codes.ts';
import type { Shell, Stream } from './shell.ts';

/** The real one: this process. A second Ctrl-C ends it at once. */
export function createSystemShell(): Shell {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort();
  });
  // Whoever read our output has seen enough: `outbox jobs | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT_CODES.ok : EXIT_CODES.wrong);
  });
  const { signal } = controller;
  return {
    out: streamOf(process.stdout),
    err: streamOf(process.stderr),
    env: process.env,
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    ask: (question, isSecret = false) => ask(question, isSecret, controller),
    fetch: (request) => fetch(request),
    now: Date.now,
    newKey: () => crypto.randomUUID(),
    wait: (ms) => delay(ms, undefined, { signal }).catch(() => undefined),
    interrupted: signal,
  };
}

function streamOf(stream: WriteStream): Stream {
  return {
    write: (text) => stream.write(text),
    isTerminal: stream.isTTY,
    get width() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** What is typed; nothing where the input ends (Ctrl-D). Throws for Ctrl-C, which does not reach the process by itself here. */
async function ask(
  question: string,
  isSecret: boolean,
  controller: AbortController,
): Promise<string> {
  if (isSecret) process.stderr.write(question);
  const output = isSecret ? nowhere() : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  lines.on('SIGINT', () => controller.abort());
  const ended = once(lines, 'close').then(() => '');
  const { signal } = controller;
  try {
    return await Promise.race([lines.question(isSecret ? '' : question, { signal }), ended]);
  } catch (error) {
    if (!isSecret) process.stderr.write('\n');
    if (signal.aborted) throw error;
    return '';
  } finally {
    lines.close();
    if (isSecret) process.stderr.write('\n');
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
