import { type Command, Option } from 'commander';
import { readTime } from '../page.ts';
import { FAILURE_REASONS, type FailureReason } from './job.ts';

/** Which dead letters are meant. */
export interface FailureFilters {
  readonly type?: string;
  readonly org?: string;
  readonly failure?: FailureReason;
  readonly from?: string;
  readonly to?: string;
}

export function addFailureFilters(command: Command): Command {
  return command
    .option('--type <jobType>', 'only jobs of this type')
    .option('--org <orgId>', 'only jobs of this organization')
    .addOption(
      new Option('--failure <reason>', 'only those that failed for this').choices(FAILURE_REASONS),
    )
    .option('--from <time>', 'failed then or later: ISO 8601, or 2h for two hours ago', readTime)
    .option('--to <time>', 'failed before', readTime);
}
