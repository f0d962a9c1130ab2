import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { given } from '../given.ts';
import { formatTable } from '../output/table.ts';
import { noteMore, type PageOptions } from '../page.ts';
import { statusColumns } from './status-columns.ts';

type Page = operations['listOrganizationStats']['responses'][200]['content']['application/json'];
type Organization = Page['organizations'][number];

/** `outbox stats --by-org` */
export async function showStatsByOrg(
  { api, output }: Context,
  { limit, cursor }: PageOptions,
): Promise<ExitCode> {
  const query = given({ limit, cursor });
  const page = await answerOf(api.GET('/v1/ops/stats/organizations', { params: { query } }));
  output.show(page, () => {
    if (page.organizations.length === 0) return 'No organization.';
    const columns = [
      { title: 'organization', read: ({ orgId }: Organization) => orgId },
      ...statusColumns<Organization>(output),
    ];
    return formatTable(columns, page.organizations, output.width);
  });
  noteMore(output, page.nextCursor);
  return EXIT_CODES.ok;
}
