import { applicationDefault } from 'firebase-admin/app';
import { declaredParams, Expression } from 'firebase-functions/params';
import { dailySchedule, outboxSchedule } from './params.ts';

/** What a process knows of where it runs. */
export interface Surroundings {
  readonly isEmulator: boolean;
  /** Undefined in the emulator, where no project is real, and where nobody said which it is. */
  readonly project: RealProject | undefined;
  /** Parameters that this process was started without, by their names. */
  readonly missingParameters: readonly string[];
  readonly nodeVersion: string;
  /** What Cloud Run calls the service. */
  readonly service: string | undefined;
}

/** What the functions are deployed to. */
export interface RealProject {
  readonly projectId: string;
  /** Of the service account that the functions run as. */
  readonly accessToken: () => Promise<string>;
  /** Of all functions, by their names. */
  readonly secrets: readonly string[];
  /** In unix-cron, by the function that is called. */
  readonly schedules: Readonly<Record<string, string>>;
}

/** Reads the environment that Cloud Run, or the emulator, gives a function. */
export function readSurroundings(env: NodeJS.ProcessEnv = process.env): Surroundings {
  const isEmulator = env['FUNCTIONS_EMULATOR'] === 'true';
  const projectId = env['GCLOUD_PROJECT'] ?? env['GOOGLE_CLOUD_PROJECT'];
  return {
    isEmulator,
    project: isEmulator || projectId === undefined ? undefined : realProject(projectId),
    missingParameters: namesOf('parameters').filter((name) => env[name] === undefined),
    nodeVersion: process.versions.node,
    service: env['K_SERVICE'],
  };
}

function realProject(projectId: string): RealProject {
  return {
    projectId,
    accessToken: async () => (await applicationDefault().getAccessToken()).access_token,
    secrets: namesOf('secrets'),
    schedules: {
      outboxProcessor: outboxSchedule.value(),
      dailyMaintenance: dailySchedule.value(),
    },
  };
}

/** As the code declares them: a secret, which is no part of a deployment's text, is no expression. */
function namesOf(kind: 'parameters' | 'secrets'): string[] {
  return declaredParams
    .filter((param) => (kind === 'parameters') === param instanceof Expression)
    .map(({ name }) => name);
}
