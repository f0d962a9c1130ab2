import type { Route } from './route.ts';
import { getCausation, getEvent, listEvents, listJobsOfEvent } from './routes/events.ts';
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
];
