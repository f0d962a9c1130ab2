import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createProgram } from '../program.ts';
import { emptyHome, runFake } from '../testing/fake-shell.ts';
import { completionScript, SHELLS } from './scripts.ts';
import { suggest } from './suggest.ts';

const program = createProgram(() => Promise.resolve());

describe('suggestions', () => {
  test.each<[words: string[], expected: string[]]>([
    [['red'], ['redrive']],
    [['operations', 'w'], ['watch']],
    [
      ['operations', ''],
      ['cancel', 'list', 'pause', 'resume', 'show', 'watch'],
    ],
    [['jobs', '--st'], ['--status']],
    [
      ['jobs', '--status', 'p'],
      ['pending', 'processing'],
    ],
    [
      ['jobs', '--org', 'o', '--status', ''],
      ['cancelled', 'failed', 'pending', 'processing', 'sent'],
    ],
    [['--json', 'jobs', '--json', '--u'], ['--url']],
    [['--url', 'stats', 'dead'], ['dead-letters']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['job', 'some'], []],
    [['jobs', '--org', ''], []],
  ])('of %j are %j', (words, expected) => {
    const commands = suggest(program, words).filter((word) => word !== 'help');
    expect(commands).toEqual(expected);
  });
});

test.each(SHELLS)('%s gets its script', async (shell) => {
  const { exitCode, out } = await runFake(['completion', shell], {
    fetch: () => Promise.reject(new Error('no')),
  });
  expect([exitCode, out]).toEqual([0, completionScript(shell)]);
});

describe('in bash', () => {
  test('the script is one', () => {
    expect(() => execFileSync('bash', ['-n'], { input: completionScript('bash') })).not.toThrow();
  });

  test('a Tab after `outbox jobs --status p` gives what it may become', () => {
    const folder = emptyHome();
    const main = join(import.meta.dirname, '..', 'main.ts');
    writeFileSync(join(folder, 'outbox'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(folder, 'outbox'), 0o755);
    const script = [
      completionScript('bash'),
      'COMP_WORDS=(outbox jobs --status p); COMP_CWORD=3; _outbox; echo "${COMPREPLY[@]}"',
      'COMP_WORDS=(outbox ""); COMP_CWORD=1; _outbox; echo "${#COMPREPLY[@]}"',
    ].join('\n');
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const out = execFileSync('bash', ['-c', script], { env, encoding: 'utf8' });
    const [statuses, count] = out.trim().split('\n');
    expect(statuses).toBe('pending processing');
    expect(Number(count)).toBe(program.commands.length + 1);
  });
});
