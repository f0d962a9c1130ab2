import { z } from 'zod';
import type { SlotTable } from '../model/slots.ts';

/** What operators set for all workers, in one document, so that an idle tick reads one. */
export const CONTROLS_PATH = 'outbox_controls/slots';

const slotTable = z.object({
  normal: z.int().min(1),
  bulk: z.int().min(1),
  draining: z.array(z.int().min(0)).default([]),
});

/** The slots in force; undefined where nobody set any, or what is set makes no sense. */
export function decodeSlots(data: unknown): SlotTable | undefined {
  return slotTable.safeParse(data).data;
}
