import type { NeededIndexes } from '../checks/indexes.ts';
import { judgeIndexes, judgeTtl } from '../checks/indexes.ts';
import { judgeSecrets } from '../checks/parameters.ts';
import type { Scheduled } from '../checks/schedules.ts';
import { judgeSchedules } from '../checks/schedules.ts';
import type { Look, Unseen } from '../finding.ts';
import { defineLook } from '../finding.ts';
import type { GoogleApi } from '../google/google-api.ts';
import { gatherIndexes } from '../google/indexes.ts';
import { gatherSchedules } from '../google/schedules.ts';
import { gatherSecrets } from '../google/secrets.ts';

/** A project as it is deployed, and what this code needs of it. */
export interface Project {
  readonly google: GoogleApi;
  readonly projectId: string;
  readonly databaseId: string;
  readonly region: string;
  readonly indexes: NeededIndexes;
  readonly secrets: readonly string[];
  readonly scheduled: readonly Scheduled[];
  /** The time, for what should have been called by now. */
  readonly readServerTimeMs: () => Promise<number>;
}

const NAMES = ['indexes', 'secrets', 'schedules'] as const;

/** What only Google’s APIs can tell; or, where there is no project to ask about, why. */
export function lookAtProject(project: Project | Unseen): readonly Look[] {
  if ('kind' in project) return NAMES.map((name) => unseenLook(name, project));
  const { google, indexes, secrets, scheduled, region, readServerTimeMs } = project;
  return [
    defineLook({
      name: 'indexes',
      gather: (signal) => gatherIndexes(google, project, signal),
      judge: (deployed) => [...judgeIndexes(indexes, deployed), ...judgeTtl(indexes, deployed)],
    }),
    defineLook({
      name: 'secrets',
      gather: (signal) => gatherSecrets(google, { ...project, names: secrets }, signal),
      judge: judgeSecrets,
    }),
    defineLook({
      name: 'schedules',
      gather: async (signal) => {
        const jobs = await gatherSchedules(google, project, signal);
        if (jobs.kind === 'unseen') return jobs;
        return { kind: 'seen', facts: { jobs: jobs.facts, nowMs: await readServerTimeMs() } };
      },
      judge: (facts) => judgeSchedules(scheduled, region, facts),
    }),
  ];
}

function unseenLook(name: (typeof NAMES)[number], unseen: Unseen): Look {
  return { name, make: () => Promise.resolve(unseen) };
}
