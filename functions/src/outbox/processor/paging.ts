import { ServerTime } from '#kernel';
import type { SlotCounts } from '../model/slots.ts';
import { bulkSlotOf } from '../model/slots.ts';
import type { TenantShares } from '../model/tenant-shares.ts';
import { moveToSlot } from '../model/transitions.ts';
import type { JobRow, Row } from '../store.ts';
import { visitPage } from './page.ts';
import type { OwnSlots } from './own-slots.ts';
import type { Tally } from './tally.ts';
import type { VisitEnd } from './visit.ts';
import { moveRow } from './visit.ts';
import type { Worker } from './worker.ts';
import { hasTimeLeft } from './worker.ts';

/** One sweep at work: since when it reads, which slots bulk rows go to, and what it has done. */
export interface Pass {
  readonly sinceMs: number;
  readonly time: ServerTime;
  readonly slots: SlotCounts;
  readonly tally: Tally;
  readonly tenantShares: TenantShares;
  readonly ownSlots: OwnSlots;
}

/** The slots to page through (at most 30, for one query), and how much of the budget to leave to others. */
export interface Paging {
  readonly slots: readonly number[];
  readonly reserve: number;
}

/** What was read: rows, when, and where the next page begins; undefined where there is none. */
interface Page {
  readonly rows: readonly Row[];
  readonly time: ServerTime;
  readonly nextFromMs: number | undefined;
}

function mayGoOn(worker: Worker, { tally }: Pass, { reserve }: Paging): boolean {
  return tally.left > reserve && hasTimeLeft(worker);
}

/**
 * Works through the due rows of normal slots until there are no more, or the budget or the time is
 * spent; says whether it saw them all. Of a full page each tenant keeps its share, and what it has
 * beyond is moved to its bulk slots.
 */
export async function pageNormal(worker: Worker, pass: Pass, paging: Paging): Promise<boolean> {
  const { pageSize } = worker.settings;
  let fromMs = pass.sinceMs;
  while (mayGoOn(worker, pass, paging)) {
    const slots = pass.ownSlots.of(paging.slots);
    if (slots.length === 0) return true;
    const limit = Math.min(pageSize, pass.tally.left - paging.reserve);
    const page = await readPage(worker, pass, { slots, fromMs, limit });
    const isFull = page.rows.length === pageSize;
    if (isFull) await pass.ownSlots.onBacklog();
    const surplus = isFull ? pass.tenantShares.surplusOf(page.rows.filter(isJob)) : [];
    const moving = new Set<Row>(surplus);
    const staying = page.rows.filter((row) => !moving.has(row));
    const moves = surplus.map((row) => moveToBulk(worker, row, pass.slots));
    const ends = await Promise.all([...moves, visitPage(worker, staying, page.time)]);
    const canGoOn = note(pass, page, ends.flat(), fromMs);
    if (page.nextFromMs === undefined) return true;
    if (!canGoOn) return false;
    fromMs = page.nextFromMs;
  }
  return false;
}

/**
 * As `pageNormal`, for bulk slots: while they hold more than a page they are paged in turn, or one
 * tenant's backlog would be all that is ever read.
 */
export async function pageBulk(worker: Worker, pass: Pass, paging: Paging): Promise<boolean> {
  if (!mayGoOn(worker, pass, paging)) return false;
  const { pageSize } = worker.settings;
  const slots = pass.ownSlots.of(paging.slots);
  if (slots.length === 0) return true;
  const limit = Math.min(pageSize, pass.tally.left - paging.reserve);
  const all = await readPage(worker, pass, { slots, fromMs: pass.sinceMs, limit });
  if (all.nextFromMs === undefined) {
    note(pass, all, await visitPage(worker, all.rows, all.time), pass.sinceMs);
    return true;
  }
  if (limit === pageSize) await pass.ownSlots.onBacklog();
  return pageInTurn(worker, pass, paging);
}

async function pageInTurn(worker: Worker, pass: Pass, paging: Paging): Promise<boolean> {
  const slots = pass.ownSlots.of(paging.slots);
  const share = Math.max(1, Math.floor(worker.settings.pageSize / Math.max(1, slots.length)));
  const cursors = new Map(slots.map((slot) => [slot, pass.sinceMs]));
  let sawAll = true;
  while (cursors.size > 0) {
    for (const [slot, fromMs] of cursors) {
      if (!mayGoOn(worker, pass, paging)) return false;
      const page = await readPage(worker, pass, { slots: [slot], fromMs, limit: share });
      const canGoOn = note(pass, page, await visitPage(worker, page.rows, page.time), fromMs);
      if (page.nextFromMs !== undefined && canGoOn) cursors.set(slot, page.nextFromMs);
      else cursors.delete(slot);
      if (page.nextFromMs !== undefined && !canGoOn) sawAll = false;
    }
  }
  return sawAll;
}

async function readPage(
  worker: Worker,
  pass: Pass,
  asked: { readonly slots: readonly number[]; readonly fromMs: number; readonly limit: number },
): Promise<Page> {
  const read = await worker.store.findDue({ ...asked, throughMs: pass.time.nowMs() });
  const last = read.rows.at(-1);
  const lastDueMs = last?.kind === 'job' ? last.job.nextAttemptAt : undefined;
  const isFull = read.rows.length === asked.limit;
  return {
    rows: read.rows,
    time: new ServerTime(worker.clock, read.readAtMs),
    nextFromMs: isFull ? (lastDueMs ?? asked.fromMs) : undefined,
  };
}

/** Counts a page, and says whether the next can be another: something moved, or the cursor did. */
function note(pass: Pass, page: Page, ends: readonly VisitEnd[], fromMs: number): boolean {
  pass.tally.add(page.rows.length, ends);
  const hasMoved = ends.some((end) => end !== 'left' && end !== 'error');
  return hasMoved || (page.nextFromMs ?? fromMs) > fromMs;
}

function isJob(row: Row): row is JobRow {
  return row.kind === 'job';
}

function moveToBulk(worker: Worker, row: JobRow, slots: SlotCounts): Promise<VisitEnd[]> {
  const slot = bulkSlotOf(row.job.orgId, row.job.id, slots);
  return moveRow(worker, row, moveToSlot(row.job, slot), 'moved');
}
