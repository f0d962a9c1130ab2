import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

export const HOST = '127.0.0.1';

const PORT_NAMES = [
  'functions',
  'firestore',
  'firestoreWebsocket',
  'auth',
  'hosting',
  'hub',
  'logging',
  'eventarc',
  'tasks',
] as const;

export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

export interface AssignedPorts {
  readonly ports: Ports;
  /** The wanted ports that somebody else uses. */
  readonly taken: readonly { readonly name: PortName; readonly wanted: number }[];
}

/** The wanted port where it is free, else any free one. */
export async function assignPorts(wanted: Partial<Ports>): Promise<AssignedPorts> {
  const held: Server[] = [];
  const taken: { name: PortName; wanted: number }[] = [];
  const ports: Partial<Record<PortName, number>> = {};
  try {
    // All are held until the last is found, so that no two get the same.
    for (const name of PORT_NAMES) {
      const wantedPort = wanted[name];
      const own = wantedPort === undefined ? undefined : await tryListen(wantedPort);
      if (wantedPort !== undefined && own === undefined) taken.push({ name, wanted: wantedPort });
      const server = own ?? (await listen(0));
      held.push(server);
      ports[name] = (server.address() as AddressInfo).port;
    }
  } finally {
    await Promise.all(held.map((server) => close(server)));
  }
  return { ports: ports as Ports, taken };
}

async function tryListen(port: number): Promise<Server | undefined> {
  try {
    return await listen(port);
  } catch {
    return undefined;
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, HOST);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
