import type { TaskQueue } from '#outbox';

/** Firebase's answer where a task with the same id was enqueued before (for about an hour after it ended). */
const EXISTS = 'functions/task-already-exists';

/**
 * Calls a task-queue function of this deployment. The client is loaded at the first call.
 *
 * @param functionName as `locations/<region>/functions/<name>`.
 */
export function createTaskQueue(functionName: string): TaskQueue {
  return {
    enqueue: async (id, task, notBeforeMs) => {
      const { getFunctions } = await import('firebase-admin/functions');
      const when = notBeforeMs === undefined ? {} : { scheduleTime: new Date(notBeforeMs) };
      try {
        await getFunctions()
          .taskQueue(functionName)
          .enqueue(task, { id, ...when });
        return 'enqueued';
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === EXISTS) return 'exists';
        throw error;
      }
    },
  };
}
