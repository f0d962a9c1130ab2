import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { formatFields, formatTable } from '../output/table.ts';
import { formatCount, formatDuration, formatTime } from '../output/text.ts';
import type { Operation } from './operation.ts';

/** Shows all that is to be known of one; the exit code says whether scripts should go on after it. */
export function showOperation(
  operation: Operation,
  { output, shell }: Pick<Context, 'output' | 'shell'>,
): ExitCode {
  output.show(operation, () => describeOperation(operation, output, shell.now()));
  noteNothing(operation, output);
  return exitCodeOf(operation);
}

/** A name that is spelled wrong matches nothing, and would look like one of which all is well. */
function noteNothing({ state, seen, params }: Operation, output: Output): void {
  if (state !== 'done' || seen > 0) return;
  const { orgId } = params;
  const isRight = typeof orgId === 'string' ? `: is the organization ${orgId} right?` : '.';
  output.note(`It matched nothing${isRight}`);
}

function describeOperation(operation: Operation, output: Output, nowMs: number): string {
  const { startedAt, endedAt, lastError, ratePerSecond, findings, step } = operation;
  const untilMs = endedAt === undefined ? nowMs : Date.parse(endedAt);
  const fields = formatFields([
    ['id', operation.id],
    ['kind', operation.dryRun ? `${operation.kind}, dry run` : operation.kind],
    ['params', JSON.stringify(operation.params)],
    ['state', stateOf(operation)],
    ['rows', describeRows(operation)],
    ['expected', describeExpected(operation)],
    ['rate', ratePerSecond === undefined ? undefined : `${formatCount(ratePerSecond)} rows/s`],
    ['cost', `${formatCount(operation.reads)} reads, ${formatCount(operation.writes)} writes`],
    ['started', `${formatTime(startedAt)} by ${operation.by}`],
    ['reason', operation.reason],
    [endedAt === undefined ? 'until now' : 'took', formatDuration(untilMs - Date.parse(startedAt))],
    ['files', operation.output],
    ['found', describeCounts(operation.found)],
    ['error', lastError && `${lastError.code}: ${lastError.message}`],
    ...describeStep(step),
  ]);
  if (findings.length === 0) return fields;
  const table = formatTable<Operation['findings'][number]>(
    [
      { title: 'finding', read: ({ kind }) => kind },
      { title: 'of', read: placeOf },
      { title: 'expected', read: ({ expected }) => expected, least: 12 },
      { title: 'found', read: ({ found }) => found, least: 12 },
      { title: 'what to do', read: ({ whatToDo }) => whatToDo, least: 16 },
    ],
    findings,
    output.width,
  );
  return `${fields}\n\n${table}`;
}

/** The job that a running one waits for. While that is being run, the API’s time is when its lease ends. */
function describeStep(step: Operation['step']): Parameters<typeof formatFields>[0] {
  if (step === undefined) return [];
  const { id, status, attempts, maxAttempts, nextAttemptAt, lastError } = step;
  return [
    ['step', `${id} (${status})`],
    ['attempts', `${attempts} of ${maxAttempts}`],
    ['due', status === 'pending' ? formatTime(nextAttemptAt) : undefined],
    ['last error', lastError && `${lastError.code}: ${lastError.message}`],
  ];
}

/** Of one that is over nobody knows how many are left: it may have ended at its ceiling. */
function describeExpected({ estimate, left }: Operation): string | undefined {
  if (estimate === undefined) return undefined;
  const rest = left === undefined ? '' : `, ${formatCount(left)} left`;
  return `${formatCount(estimate)}${rest}`;
}

/** The event, the job, or the line of a file that a finding is about. */
function placeOf({ eventId, jobId, line, path }: Operation['findings'][number]): string {
  const named = eventId ?? jobId ?? path ?? '';
  return line === undefined ? named : `${named} line ${line}`.trim();
}

/** `12 looked at, 10 done, 2 skipped (still-open 2)` */
function describeRows({ seen, done, skipped, dryRun }: Operation): string {
  const left = describeCounts(skipped);
  const changed = dryRun ? 'would be done' : 'done';
  const parts = [`${formatCount(seen)} looked at`, `${formatCount(done)} ${changed}`];
  return [...parts, ...(left === '' ? [] : [`skipped: ${left}`])].join(', ');
}

/** `still-open 2, malformed 1` */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ');
}

/** What it is, and what somebody wants it to be. */
export function stateOf({ state, wanted }: Pick<Operation, 'state' | 'wanted'>): string {
  const isAsked = state === 'running' || state === 'paused';
  return isAsked && wanted !== state ? `${state}, to be ${wanted}` : state;
}

function exitCodeOf({ state, found }: Pick<Operation, 'state' | 'found'>): ExitCode {
  const isWell = state !== 'failed' && state !== 'cancelled' && Object.keys(found).length === 0;
  return isWell ? EXIT_CODES.ok : EXIT_CODES.wrong;
}
