import { z } from 'zod';
import type { DocumentData } from '#kernel';
import type { ControlTable } from '../model/controls.ts';

/** What operators set for all workers, in one document, so that an idle tick reads one. */
export const CONTROLS_PATH = 'outbox_controls/slots';

const slotTable = z.object({
  normal: z.int().min(1),
  bulk: z.int().min(1),
  draining: z.array(z.int().min(0)).default([]),
});

const pause = z.object({
  id: z.string().min(1),
  jobType: z.string().optional(),
  orgId: z.string().optional(),
  by: z.string(),
  reason: z.string(),
  atMs: z.number(),
  resumingSinceMs: z.number().optional(),
});

const pauses = z.object({ pauses: z.array(z.unknown()) });

/** What is set; a part that makes no sense is as if nobody had set it, and the others hold. */
export function decodeControls(data: unknown): ControlTable {
  return {
    slots: slotTable.safeParse(data).data,
    pauses: (pauses.safeParse(data).data?.pauses ?? []).flatMap(
      (one) => pause.safeParse(one).data ?? [],
    ),
  };
}

/** The whole document for a table. */
export function encodeControls({ slots, pauses: held }: ControlTable): DocumentData {
  return {
    ...slots,
    pauses: held.map((one) =>
      Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)),
    ),
  };
}
