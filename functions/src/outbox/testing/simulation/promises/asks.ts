import { isBulkSlot } from '../../../model/slots.ts';
import type { Check, PromiseCheck } from '../promise.ts';
import type { RowChange } from '../row-change.ts';
import { isStart } from '../row-change.ts';

/** A redrive is an operator's word: now. */
const isNotBegunBeforeItsTime: Check<RowChange> = (change) => {
  const { after, job, atMs } = change;
  const earlyMs = (job.notBeforeMs ?? atMs) - atMs;
  if (!isStart(change) || earlyMs <= 0 || after.redrives > 0) return undefined;
  return `${after.id}: begun ${earlyMs} ms before its time`;
};

const countsItsAgeFromThen: Check<RowChange> = ({ kind, after, job: { notBeforeMs } }) => {
  if (kind !== 'create' || notBeforeMs === undefined) return undefined;
  const isAsAsked = after.openedAt === notBeforeMs && after.nextAttemptAt === notBeforeMs;
  return isAsAsked ? undefined : `${after.id}: not due, or not as old, as it was asked for`;
};

const isFoundWhenItsTurnComes: Check<RowChange> = ({ kind, after, job }) => {
  const hasATurn = (job.isBulk && !job.goesOn) || job.notBeforeMs !== undefined;
  return kind === 'create started' && hasATurn ? `${after.id}: begun by its parent` : undefined;
};

const staysOutOfTheWay: Check<RowChange> = ({ after, job: { isBulk } }) =>
  isBulk && !isBulkSlot(after.slot) ? `${after.id}: bulk, but in slot ${after.slot}` : undefined;

export const ASKS: PromiseCheck = {
  name: 'jobs wait for their time and their turn',
  rows: [isNotBegunBeforeItsTime, countsItsAgeFromThen, isFoundWhenItsTurnComes, staysOutOfTheWay],
};
