import { createHmac } from 'node:crypto';

/** What a phone is called in an organization, as `docs/reference/compliance.md` says it. */
export function phoneHash(orgId: string, phoneNumber: string): string {
  const key = String(process.env['PHONE_HASH_KEY']);
  const e164 = phoneNumber.replaceAll(/[^+\d]/g, '');
  const token = createHmac('sha256', key).update(e164).digest('hex');
  return createHmac('sha256', token).update(orgId).digest('hex');
}
