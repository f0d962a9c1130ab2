import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { WorkerCall } from '../../functions/src/outbox/testing/task-queue-contract.ts';
import { HOST } from '../../tools/local/ports.ts';
import type { Stack } from '../../tools/local/stack.ts';

/** A queue of the tasks emulator's whose worker only takes down what it is called with. */
export interface OwnQueue {
  readonly functionName: string;
  readonly calls: readonly WorkerCall[];
  readonly close: () => Promise<void>;
}

const REGION = 'us-central1';
const NAME = 'contract';

/** By the machine's time: the emulator has no other. */
export function machineTimeMs(): number {
  return performance.timeOrigin + performance.now();
}

export async function openOwnQueue(stack: Stack): Promise<OwnQueue> {
  const calls: WorkerCall[] = [];
  const server = createServer((request, response) => {
    take(request, calls).then(
      () => response.end(),
      () => response.writeHead(400).end(),
    );
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const queues = `http://${stack.host}:${String(stack.ports.tasks)}/projects/${stack.projectId}`;
  const created = await fetch(`${queues}/locations/${REGION}/queues/${NAME}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ defaultUri: `http://${HOST}:${String(port)}/` }),
  });
  if (!created.ok) throw new Error(`The tasks emulator makes no queue: ${created.status}`);
  const functionName = `locations/${REGION}/functions/${NAME}`;
  return { functionName, calls, close: () => close(server) };
}

async function take(request: IncomingMessage, calls: WorkerCall[]): Promise<void> {
  const { data } = (await json(request)) as { readonly data: unknown };
  calls.push({ data, atMs: machineTimeMs() });
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
