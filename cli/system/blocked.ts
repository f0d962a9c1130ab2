import type { Command } from 'commander';
import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import { formatCount, formatTime } from '../output/text.ts';
import type { Start } from '../start.ts';

type Blocked = operations['listBlockedStreams']['responses'][200]['content']['application/json'];

/** `outbox blocked` */
export function addBlocked(program: Command, start: Start): void {
  program
    .command('blocked')
    .description('Lines that wait behind a dead letter: the first 100.')
    .action(() => start(showBlocked));
}

async function showBlocked({ api, output }: Context): Promise<ExitCode> {
  const answer = await answerOf(api.GET('/v1/ops/streams/blocked'));
  output.show(answer, () =>
    answer.lines.length === 0
      ? 'No line.'
      : formatTable<Blocked['lines'][number]>(
          [
            { title: 'line', read: ({ orderingKey }) => orderingKey },
            { title: 'waiting', align: 'right', read: ({ waiting }) => formatCount(waiting) },
            { title: 'behind', read: ({ jobId }) => jobId },
            { title: 'since', read: ({ since }) => formatTime(since) },
            { title: 'reason', read: ({ reason, problem }) => reason ?? problem, least: 10 },
          ],
          answer.lines,
          output.width,
        ),
  );
  if (answer.truncated && !output.isJson) output.note('There are more.');
  return EXIT_CODES.ok;
}
