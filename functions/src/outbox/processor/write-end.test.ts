import { beforeEach, describe, expect, test } from '@jest/globals';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { MemoryDocuments } from '../memory/memory-documents.ts';
import { createMemoryOutboxStore } from '../memory/memory-store.ts';
import type { Effects, JobHandler } from '../model/handler.ts';
import { PermanentError } from '../model/handler-errors.ts';
import type { FailureReason, OutboxJob } from '../model/job.ts';
import { createRow } from '../record/record-job.ts';
import { aWorker, KeptLogs } from '../testing/a-worker.ts';
import { aJob, aRunningJob, aSink, T0 } from '../testing/factories.ts';
import { sweep } from './sweep.ts';

const ids = countingIds('run');
let documents: MemoryDocuments;
let logs: KeptLogs;

beforeEach(() => {
  documents = new MemoryDocuments(() => T0);
  logs = new KeptLogs();
});

async function tick(handler: JobHandler): Promise<void> {
  const store = createMemoryOutboxStore(documents);
  const worker = aWorker({
    store,
    clock: new ManualClock(),
    ids,
    logger: logs,
    handlers: [handler],
  });
  await sweep(worker, { lastFromZeroElapsedMs: undefined });
}

function given(job: OutboxJob): OutboxJob {
  documents.commit([{ write: createRow(job) }]);
  return job;
}

function statusOf({ id }: OutboxJob): unknown {
  return documents.get(`outbox/${id}`)?.data['status'];
}

function refusing(onDeadLetter: NonNullable<JobHandler['onDeadLetter']>) {
  const send = () => Promise.reject(new PermanentError('no such address'));
  return aSink({ send, onDeadLetter });
}

function aNote(job: OutboxJob, reason: FailureReason): Effects {
  const note = { kind: 'create', path: 'notes/n1', data: { jobId: job.id, reason } } as const;
  return { writes: [note], jobs: [] };
}

describe('what a subscription wants written beside a dead letter', () => {
  test('is written with it', async () => {
    const job = given(aJob());
    await tick(refusing(aNote));
    expect(statusOf(job)).toBe('failed');
    expect(documents.get('notes/n1')?.data).toEqual({ jobId: job.id, reason: 'permanent' });
  });

  test('may be a job, once, that somebody finds', async () => {
    const aJobBeside = ({ metadata }: OutboxJob): Effects => {
      const child = { jobType: 'tell', orgId: 'org1', causeId: 'c1', metadata };
      return { writes: [], jobs: [child] };
    };
    for (const job of [given(aJob()), given(aJob())]) {
      await tick(refusing(aJobBeside));
      expect(statusOf(job)).toBe('failed');
    }
    expect(documents.get('outbox/tell:org1:c1')?.data).toMatchObject({ status: 'pending' });
    expect(logs.troubles).not.toContain(
      'dead letter written without what its subscription wanted beside it',
    );
  });

  test('is written where no run was made, too', async () => {
    given(aRunningJob({ crashes: 2, nextAttemptAt: T0, lease: { expiresAt: T0 } }));
    await tick(refusing(aNote));
    expect(documents.get('notes/n1')?.data).toMatchObject({ reason: 'poison' });
  });

  test('is not asked for while the job goes on', async () => {
    const job = given(aJob());
    await tick(aSink({ send: () => Promise.reject(new Error('down')), onDeadLetter: aNote }));
    expect(statusOf(job)).toBe('pending');
    expect(documents.list('notes')).toEqual([]);
  });

  test.each([
    [
      'is refused',
      (): Effects => ({
        writes: [{ kind: 'update', path: 'notes/none', data: {} }],
        jobs: [],
      }),
    ],
    [
      'throws',
      (): Effects => {
        throw new Error('oops');
      },
    ],
  ])('and %s keeps no job open, and is logged', async (_, onDeadLetter) => {
    const job = given(aJob());
    await tick(refusing(onDeadLetter));
    expect(statusOf(job)).toBe('failed');
    expect(logs.troubles).toContain(
      'dead letter written without what its subscription wanted beside it',
    );
  });
});
