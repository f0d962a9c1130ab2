import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT_DIR } from '../../tools/paths.ts';

export interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** Resolves when it has written this, on either stream. */
  readonly says: (words: string) => Promise<void>;
  readonly pressCtrlC: () => void;
  readonly ended: Promise<Ended>;
}

/** The command line as a process of its own, with nothing typed and nobody looking. */
export function startOutbox(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const { OUTBOX_TOKEN: _, ...inherited } = process.env;
  const main = join(ROOT_DIR, 'cli', 'main.ts');
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const waiting = new Set<() => void>();
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.includes(wanted)) resolve();
        };
        waiting.add(look);
        child.once('close', () => reject(new Error(`It ended without "${wanted}":\n${said}`)));
        look();
      }),
    pressCtrlC: () => child.kill('SIGINT'),
    ended: endOf(child),
  };
}

async function endOf(child: ReturnType<typeof spawn>): Promise<Ended> {
  if (child.stdout === null || child.stderr === null) throw new Error('It has no output.');
  const texts = Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const [out, err] = await texts;
  return { exitCode, out, err };
}
