import { usage } from '../failure.ts';

/** The local stack (`npm start`). */
export const LOCAL_URL = 'http://127.0.0.1:5001/demo-outbox/us-central1/api';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Without a slash at its end. Throws for what is no address, and for one that would carry a token in the open. */
export function readUrl(
  said: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const set = env['OUTBOX_URL'];
  const text = said ?? (set === undefined || set === '' ? LOCAL_URL : set);
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usage(
      `${text} is no address.`,
      'Write one such as https://example.web.app (--url, OUTBOX_URL).',
    );
  }
  if (url.protocol === 'http:' && !isLocal(url)) {
    throw usage(`${text} would carry your token in the open.`, 'Write https instead of http.');
  }
  return text.replace(/\/+$/, '');
}

/** Whether it is of this machine. */
export function isLocal({ hostname }: URL): boolean {
  return LOOPBACK.has(hostname);
}
