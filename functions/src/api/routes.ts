import type { Route } from './route.ts';
import { getCausation, getEvent, listEvents, listJobsOfEvent } from './routes/events.ts';
import { listBlockedStreams } from './routes/ops/blocked-streams.ts';
import { cancelJob, retryJob } from './routes/ops/change-job.ts';
import { getControls, pauseJobs, resumeJobs } from './routes/ops/controls.ts';
import { getDiagnosis } from './routes/ops/doctor.ts';
import { getHealth } from './routes/ops/health.ts';
import { getJob, listDeadLetters, listJobs } from './routes/ops/jobs.ts';
import { getMetrics, listAlerts, scrapeMetrics } from './routes/ops/metrics.ts';
import {
  cancelOperation,
  getOperation,
  listOperations,
  pauseOperation,
  resumeOperation,
  startOperation,
} from './routes/ops/operations.ts';
import { listOrganizationStats } from './routes/ops/organization-stats.ts';
import { getStats, listSubscriptions } from './routes/ops/stats.ts';
import { postEvents } from './routes/post-events.ts';
import { getSchema, listSchemas, registerSchema } from './routes/schemas.ts';
import { getStatistics } from './routes/statistics.ts';
import { getStream } from './routes/streams.ts';
import { getTimeline } from './routes/timelines.ts';

/** Every operation of the API. */
export const ROUTES: readonly Route[] = [
  postEvents,
  listEvents,
  getEvent,
  listJobsOfEvent,
  getCausation,
  getStream,
  getTimeline,
  listSchemas,
  getSchema,
  registerSchema,
  getStatistics,
  getHealth,
  getDiagnosis,
  getStats,
  listOrganizationStats,
  getMetrics,
  listAlerts,
  listJobs,
  listDeadLetters,
  getJob,
  retryJob,
  cancelJob,
  listBlockedStreams,
  listSubscriptions,
  getControls,
  pauseJobs,
  resumeJobs,
  startOperation,
  listOperations,
  getOperation,
  pauseOperation,
  resumeOperation,
  cancelOperation,
  scrapeMetrics,
];
