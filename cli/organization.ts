import { usage } from './failure.ts';
import type { Shell } from './shell.ts';

/** Whose events are meant: `--org`, or `OUTBOX_ORG`. Throws where neither says. */
export function readOrg(shell: Pick<Shell, 'env'>, said: string | undefined): string {
  const orgId = said ?? shell.env['OUTBOX_ORG'];
  if (orgId !== undefined && orgId !== '') return orgId;
  throw usage('Say which organization: --org <orgId>, or OUTBOX_ORG.');
}
