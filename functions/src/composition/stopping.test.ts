import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';

const MODULE = join(import.meta.dirname, 'stopping.ts');

/** What a process that is told to end writes until it has, and how it ends. */
async function toldToEnd(lines: readonly string[]): Promise<unknown[]> {
  const code = [
    `import { whenStopping } from ${JSON.stringify(MODULE)};`,
    ...lines,
    "stopping.addEventListener('abort', () => console.log('stopping'));",
    "console.log('ready');",
    'setInterval(() => undefined, 1_000);',
  ];
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code.join('\n')], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: unknown[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line === 'ready') child.kill('SIGTERM');
    else told.push(line);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return [...told, child.exitCode ?? child.signalCode];
}

const FRAMEWORK = "process.on('SIGTERM', () => { console.log('framework'); process.exit(0); });";
const WRITE =
  "async () => { await new Promise((resolve) => setTimeout(resolve, 20)); console.log('written'); }";

test('what is done lastly is done before the process is ended by whoever does that', async () => {
  const lines = [FRAMEWORK, `const stopping = whenStopping(${WRITE});`];
  expect(await toldToEnd(lines)).toEqual(['stopping', 'written', 'framework', 0]);
});

test('what fails lastly, or never ends, keeps no process alive', async () => {
  const failing = "() => Promise.reject(new Error('unavailable'))";
  const ends = await Promise.all(
    [failing, '() => new Promise(() => undefined)'].map((lastly) =>
      toldToEnd([FRAMEWORK, `const stopping = whenStopping(${lastly});`]),
    ),
  );
  expect(ends).toEqual([
    ['stopping', 'framework', 0],
    ['stopping', 'framework', 0],
  ]);
});

test('where nobody ends the process, it ends all the same', async () => {
  expect(await toldToEnd([`const stopping = whenStopping(${WRITE});`])).toEqual([
    'stopping',
    'written',
    'SIGTERM',
  ]);
});
