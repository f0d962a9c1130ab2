import { join } from 'node:path';
import { HOST, type Ports } from './ports.ts';
import type { FirebaseConfig } from './project-config.ts';

/** All are relative to the run's own folder, where its firebase.json lies. */
export const FUNCTIONS_FOLDER = 'functions';
export const HOSTING_FOLDER = 'hosting';
/** Here, and not into functions/, the emulator also writes the defaults of parameters. */
export const SETTINGS_FOLDER = 'settings';

/**
 * The project's firebase.json with the ports and folders of one run. firebase-tools joins `source` and
 * `configDir` to the file's folder, so they must be relative; it refuses rules outside that folder
 * unless their path is absolute.
 */
export function buildRunConfig(config: FirebaseConfig, projectDir: string, ports: Ports): object {
  return {
    functions: config.functions.map((codebase) => ({
      ...codebase,
      source: FUNCTIONS_FOLDER,
      configDir: SETTINGS_FOLDER,
      predeploy: undefined,
    })),
    firestore: { rules: join(projectDir, config.firestore.rules) },
    hosting: { ...config.hosting, public: HOSTING_FOLDER },
    emulators: {
      singleProjectMode: true,
      functions: listen(ports.functions),
      firestore: { ...listen(ports.firestore), websocketPort: ports.firestoreWebsocket },
      auth: listen(ports.auth),
      hosting: listen(ports.hosting),
      hub: listen(ports.hub),
      logging: listen(ports.logging),
      eventarc: listen(ports.eventarc),
      tasks: listen(ports.tasks),
      ui: { enabled: false },
    },
  };
}

/** A dotenv file: what the emulator reads both when it loads the functions and when it runs them. */
export function formatSettings(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');
}

function listen(port: number): object {
  return { host: HOST, port };
}
