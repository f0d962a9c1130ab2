import { openWorker, PermanentError, runJobsNow } from '#outbox';
import { backend, firestore } from '../../composition/testing/backend.ts';
import { encodeJob } from '../../outbox/record/job-document.ts';
import { aJob, aWriter } from '../../outbox/testing/factories.ts';

/** Runs jobs that are due, each with a handler that cannot succeed: they become dead letters. */
export async function failForGood(
  jobIds: readonly string[],
  message = 'Not there.',
): Promise<void> {
  const handle = (): Promise<never> =>
    Promise.reject(new PermanentError(message, { code: 'gone' }));
  const worker = openWorker(backend.processor, {
    by: 'trigger',
    budgetMs: 100_000,
    handlers: (jobType) => aWriter({ jobType, handle }),
  });
  await runJobsNow(worker, jobIds);
}

/** Writes a row as it is; say what matters. */
export async function plantJob(said: Parameters<typeof aJob>[0]): Promise<string> {
  const job = aJob(said);
  const data = Object.entries(encodeJob(job)).filter(([name]) => name !== 'updatedAt');
  await firestore.collection('outbox').doc(job.id).set(Object.fromEntries(data));
  return job.id;
}
