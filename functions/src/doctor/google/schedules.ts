import { z } from 'zod';
import type { Schedule } from '../checks/schedules.ts';
import type { Seen } from '../finding.ts';
import type { GoogleApi } from './google-api.ts';

/** See https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs. */
const jobSchema = z.object({
  name: z.string(),
  schedule: z.string().optional(),
  timeZone: z.string().optional(),
  state: z.string().optional(),
  lastAttemptTime: z.string().optional(),
  status: z.object({ code: z.int().optional() }).optional(),
});

/** What Cloud Scheduler calls in a region. */
export async function gatherSchedules(
  google: GoogleApi,
  { projectId, region }: { readonly projectId: string; readonly region: string },
  signal: AbortSignal,
): Promise<Seen<readonly Schedule[]>> {
  const jobs = await google.list(
    {
      host: 'cloudscheduler.googleapis.com',
      path: `/v1/${['projects', projectId, 'locations', region, 'jobs'].join('/')}`,
      role: 'roles/cloudscheduler.viewer',
      items: 'jobs',
      schema: jobSchema,
    },
    signal,
  );
  if (jobs.kind === 'unseen') return jobs;
  return {
    kind: 'seen',
    facts: jobs.facts.map(({ name, schedule, timeZone, state, lastAttemptTime, status }) => ({
      id: name.split('/').at(-1) ?? '',
      schedule,
      timeZone,
      state: state ?? 'STATE_UNSPECIFIED',
      lastAttemptAtMs: lastAttemptTime === undefined ? undefined : Date.parse(lastAttemptTime),
      // 0 is google.rpc.Code.OK, and left out.
      statusCode: status?.code ?? 0,
    })),
  };
}
