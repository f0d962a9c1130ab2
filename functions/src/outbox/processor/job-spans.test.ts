import { beforeEach, describe, expect, test } from '@jest/globals';
import { inSpan } from '#kernel';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { KeptSpans } from '../../kernel/testing/kept-spans.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import { PermanentError } from '../model/handler-errors.ts';
import type { ExternalHandler, JobHandler } from '../model/handler.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker } from '../testing/a-worker.ts';
import { aJob, PLAIN_POLICY, T0 } from '../testing/factories.ts';
import { sweep } from './sweep.ts';

const spans = KeptSpans.register();
const TRACES = ['1', '2'].map((digit) => digit.repeat(32));
const CAUSES = ['a', 'b'].map((digit) => digit.repeat(16));
const [first = '', second = ''] = TRACES.map((trace, index) => `00-${trace}-${CAUSES[index]}-01`);

beforeEach(() => spans.forget());

const mail = { kind: 'external', jobType: 'mail', policy: PLAIN_POLICY } as const;

function mailing(send: ExternalHandler['send']): ExternalHandler {
  return { ...mail, onUnknownOutcome: 'retry', send };
}

/** Sweeps a job for each of these causes. */
async function tick(handler: JobHandler, traceparents: readonly string[]): Promise<void> {
  const clock = new ManualClock();
  const documents = new MemoryDocuments(() => T0 + clock.elapsedMs());
  const store = createMemoryOutboxStore(documents);
  const rows = traceparents.map((traceparent, index) => {
    const metadata = { correlationId: 'c1', traceparent };
    return createRow(
      aJob({ id: `mail:org1:e${index}`, jobType: 'mail', nextAttemptAt: T0, metadata }),
    );
  });
  documents.commit(rows.map((write) => ({ write })));
  const worker = aWorker({ store, clock, ids: countingIds('run'), handlers: [handler] });
  const memory = { lastFromZeroElapsedMs: undefined };
  await inSpan({ name: 'tick', what: 'job', attributes: {} }, () => sweep(worker, memory));
}

test('a job goes on in the trace of its cause, linked to what runs it, and its send is under it', async () => {
  await tick(
    mailing(() => Promise.resolve()),
    [first],
  );
  const [process, send, ticked] = spans.all();
  expect(process).toMatchObject({
    name: 'process mail',
    kind: 'CONSUMER',
    traceId: TRACES[0],
    under: CAUSES[0],
    linkedTo: ['tick'],
    failed: undefined,
    attributes: {
      'messaging.message.id': 'mail:org1:e0',
      'outbox.end': 'sent',
      'outbox.attempt': 1,
    },
  });
  expect(send).toMatchObject({
    name: 'send mail',
    kind: 'CLIENT',
    traceId: TRACES[0],
    under: 'process mail',
    linkedTo: [],
  });
  expect(ticked).toMatchObject({ name: 'tick', under: undefined });
});

describe('a send that fails', () => {
  test.each<[string, () => Error, string, string | undefined]>([
    ['for now', () => Object.assign(new Error('No.'), { code: 503 }), '503', undefined],
    ['for good', () => new PermanentError('No ann@example.com.'), 'permanent', 'failed'],
    ['in prose', () => Object.assign(new Error('No.'), { code: 'no ann' }), 'Error', undefined],
  ])('%s says so by its code, and its job by its end', async (_, error, failed, ofJob) => {
    await tick(
      mailing(() => Promise.reject(error())),
      [first],
    );
    const [process, send] = spans.all();
    expect(send).toMatchObject({ name: 'send mail', failed });
    expect(process).toMatchObject({ name: 'process mail', failed: ofJob });
    expect(JSON.stringify(spans.all())).not.toContain('ann');
  });
});

test('a batch is one send, linked to the causes of all of its jobs', async () => {
  const sendBatch = (jobs: readonly unknown[]) => Promise.allSettled(jobs);
  const shape = { onUnknownOutcome: 'retry', maxBatchSize: 10 } as const;
  await tick({ ...mail, ...shape, sendBatch }, [first, second]);
  const [one, other, send] = spans.all();
  expect(new Set([one?.under, other?.under])).toEqual(new Set(CAUSES));
  expect(send).toMatchObject({ name: 'send mail', under: 'tick', linkedTo: CAUSES });
});
