import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { assignPorts, HOST } from './ports.ts';

test('assignPorts gives every emulator a port of its own', async () => {
  const { ports, taken } = await assignPorts({});
  expect(new Set(Object.values(ports)).size).toBe(9);
  expect(taken).toEqual([]);
});

test('assignPorts keeps wanted ports that are free, and says which are not', async () => {
  const { ports: free } = await assignPorts({});
  const other = createServer().listen(0, HOST);
  await once(other, 'listening');
  const { port: inUse } = other.address() as AddressInfo;
  try {
    const { ports, taken } = await assignPorts({ functions: free.functions, firestore: inUse });
    expect(ports.functions).toBe(free.functions);
    expect(ports.firestore).not.toBe(inUse);
    expect(taken).toEqual([{ name: 'firestore', wanted: inUse }]);
  } finally {
    other.close();
  }
});
