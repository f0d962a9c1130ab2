import { describe, expect, test } from '@jest/globals';
import { findDescendants, parseProcesses } from './process-tree.ts';

const processes = parseProcesses(
  [
    '    1     0 /sbin/init',
    '  100     1 node guard.ts',
    '  101   100 hidane exec -- node firebase.js',
    '  102   101 node firebase.js',
    '  103   102 java -jar emulator.jar --port 8080',
    '  200     1 node something-else.js',
    '',
  ].join('\n'),
);

describe('findDescendants', () => {
  test('finds the whole tree below a process, and nobody else', () => {
    expect(findDescendants(processes, 100).map((one) => one.pid)).toEqual([101, 102, 103]);
  });

  test('finds nothing below a leaf', () => {
    expect(findDescendants(processes, 103)).toEqual([]);
  });
});

test('parseProcesses keeps the whole command line', () => {
  expect(processes.find((one) => one.pid === 103)?.command).toBe(
    'java -jar emulator.jar --port 8080',
  );
});
