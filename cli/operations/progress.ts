import { clean, formatCount, formatDuration, plural, shorten } from '../output/text.ts';
import type { Shell } from '../shell.ts';
import type { Operation } from './operation.ts';
import { skippedIn, isOver } from './operation.ts';
import { stateOf } from './show.ts';

const BAR_WIDTH = 20;
const PLAIN_EVERY_MS = 5000;
const CLEAR_LINE = '\r\u001B[2K';

/**
 * Shows how far an operation is, on a line that changes, or in a line now and then where nobody looks; and, once each,
 * with what its steps failed.
 */
export interface Progress {
  readonly show: (operation: Operation) => void;
  /** What comes next begins on a line of its own. */
  readonly end: () => void;
}

export function createProgress({ err, now }: Pick<Shell, 'err' | 'now'>): Progress {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  let said: string | undefined;
  /** A line of its own, which stays. */
  const sayOnce = (failure: string): void => {
    if (failure === said) return;
    said = failure;
    err.write(`${err.isTerminal ? CLEAR_LINE : ''}${clean(failure)}\n`);
  };
  return {
    show: (operation) => {
      const failure = describeFailure(operation);
      if (failure !== undefined) sayOnce(failure);
      const line = clean(describeProgress(operation));
      if (err.isTerminal) {
        isOpen = true;
        err.write(`${CLEAR_LINE}${shorten(line, (err.width ?? 80) - 1)}`);
      } else if (isOver(operation) || now() - shownAtMs >= PLAIN_EVERY_MS) {
        shownAtMs = now();
        err.write(`${line}\n`);
      }
    },
    end: () => {
      if (isOpen) err.write('\n');
      isOpen = false;
    },
  };
}

/** `redrive  ██████░░░░  1,200 of 2,000  60 %  198/s  4 s left  3 skipped` */
export function describeProgress(operation: Operation): string {
  const { kind, dryRun, seen, estimate, ratePerSecond } = operation;
  const skipped = skippedIn(operation);
  return [
    dryRun ? `${kind} (dry run)` : kind,
    ...(estimate === undefined ? [plural(seen, 'row')] : partOf(seen, Math.max(seen, estimate))),
    ...(ratePerSecond === undefined ? [] : [`${formatCount(ratePerSecond)}/s`]),
    ...timeLeft(operation),
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} skipped`]),
    ...waiting(operation),
    ...(operation.state === 'running' && operation.wanted === 'running'
      ? []
      : [stateOf(operation)]),
  ].join('  ');
}

/** Why nothing happens, where it looks so. */
function waiting({ seen, state, step }: Operation): string[] {
  if (step?.lastError !== undefined) {
    return [`tries a step again, ${step.attempts} of ${step.maxAttempts} attempts`];
  }
  return seen === 0 && state === 'running' ? ['waits for the next tick'] : [];
}

function describeFailure({ step }: Operation): string | undefined {
  if (step?.lastError === undefined) return undefined;
  const { code, message } = step.lastError;
  return `The step ${step.id} failed: ${code}: ${message}`;
}

function partOf(seen: number, all: number): string[] {
  const part = all === 0 ? 1 : seen / all;
  const full = Math.floor(part * BAR_WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
  return [bar, `${formatCount(seen)} of ${formatCount(all)}`, `${Math.floor(part * 100)} %`];
}

function timeLeft({ left, ratePerSecond, state }: Operation): string[] {
  if (state !== 'running' || left === undefined || left === 0) return [];
  if (ratePerSecond === undefined || ratePerSecond === 0) return [];
  return [`${formatDuration((left / ratePerSecond) * 1000)} left`];
}
