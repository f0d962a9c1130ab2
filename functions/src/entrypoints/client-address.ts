import { isIP } from 'node:net';

/**
 * The address that a request came from, as the platform's front end saw it: that puts it at the end of
 * `x-forwarded-for`, after whatever the client has sent there, which may say anything. Behind Hosting, or a
 * proxy of one's own, it is the proxy's. Where nothing is in front, as in the emulator, it is the connection's.
 * Undefined where it is none.
 */
export function addressOf({
  headers,
  ip,
}: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What Express takes for it: the first of `x-forwarded-for`, where there is one. */
  readonly ip?: string | undefined;
}): string | undefined {
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined) return ip;
  const last = [forwarded].flat().at(-1)?.split(',').at(-1)?.trim() ?? '';
  return isIP(last) === 0 ? undefined : last;
}
