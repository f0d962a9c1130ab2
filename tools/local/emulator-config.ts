import { join, relative, sep } from 'node:path';
import { HOST, type Ports } from './ports.ts';
import type { FirebaseConfig } from './project-config.ts';

export interface RunLayout {
  readonly projectDir: string;
  readonly functionsDir: string;
  /** Where the run's own firebase.json lies. */
  readonly runDir: string;
}

/** Relative to the run's folder: the emulator's answers to parameters go there, not into functions/. */
export const SETTINGS_FOLDER = 'settings';

/**
 * The project's firebase.json with the ports and paths of one run. firebase-tools joins `source` and
 * `configDir` to the file's folder, so they must be relative; it refuses rules above that folder
 * unless their path is absolute.
 */
export function buildRunConfig(config: FirebaseConfig, layout: RunLayout, ports: Ports): object {
  const source = relative(layout.runDir, layout.functionsDir).split(sep).join('/');
  return {
    functions: config.functions.map((codebase) => ({
      ...codebase,
      source,
      configDir: SETTINGS_FOLDER,
      predeploy: undefined,
    })),
    firestore: { rules: join(layout.projectDir, config.firestore.rules) },
    emulators: {
      singleProjectMode: true,
      functions: listen(ports.functions),
      firestore: { ...listen(ports.firestore), websocketPort: ports.firestoreWebsocket },
      auth: listen(ports.auth),
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
