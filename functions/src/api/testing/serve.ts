import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Ask } from './api.ts';

/** The API at an address of this machine. */
export interface Served {
  readonly url: string;
  readonly close: () => void;
}

/** Answers HTTP for as long as it is not closed. Whoever comes is who their token says. */
export async function serve(ask: Ask): Promise<Served> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const answered = text(request).then(async (sent) => {
      const as = headers.authorization?.replace('Bearer ', '');
      return ask(method, url, { as, orgId: null, ...(sent === '' ? {} : { text: sent }) });
    });
    answered.then(
      ({ status, body }) => response.writeHead(status).end(JSON.stringify(body)),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close() };
}
