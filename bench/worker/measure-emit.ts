import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import { backend, firestore } from './backend.ts';
import type { Form } from './emit-forms.ts';
import { anEvent, ENTITY_PATH } from './emit-forms.ts';
import { oursByForm } from './emit.ts';
import { addDocuments, emitOnce, rawFormsOf } from './raw-emit.ts';
import type { Metered, Timed } from './timed.ts';
import { timed, timedAndMetered } from './timed.ts';

export interface EmitRound {
  readonly form: Form;
  readonly side: 'raw' | 'ours';
  /** Emits, one after the other. */
  readonly count: number;
  /** A metered round is a little slower. */
  readonly isMetered: boolean;
}

/** Emits into an empty database. */
export async function measureEmit({
  form,
  side,
  count,
  isMetered,
}: EmitRound): Promise<Timed & Partial<Metered>> {
  await clearFirestore(firestore);
  await firestore.doc(ENTITY_PATH).set({ orgId: 'org1', edits: 0 });
  const emitting = side === 'ours' ? oursByForm[form] : rawFormsOf(await emitOnce())[form];
  const emitAll = async (): Promise<void> => {
    for (let n = 1; n <= count; n += 1) await emitting(n);
  };
  return isMetered ? timedAndMetered(emitAll) : timed(emitAll);
}

/** Milliseconds that putting one event and its job into a batch keeps the process busy, each time. */
export async function measureEmitCpu({ count }: { readonly count: number }): Promise<{
  readonly raw: readonly number[];
  readonly ours: readonly number[];
}> {
  const documents = await emitOnce();
  const raw: number[] = [];
  const ours: number[] = [];
  for (let n = 0; n < count; n += 1) {
    // Neither is committed: what is timed is all that happens before a call would wait for an answer.
    const [rawBatch, oursBatch] = [firestore.batch(), firestore.batch()];
    const beganMs = performance.now();
    addDocuments(rawBatch, documents);
    const betweenMs = performance.now();
    const emitted = backend.emit(anEvent(), { batch: oursBatch });
    const endedMs = performance.now();
    await emitted;
    raw.push(betweenMs - beganMs);
    ours.push(endedMs - betweenMs);
  }
  return { raw, ours };
}
