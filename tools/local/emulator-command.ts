import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findEmulator } from '../firestore-emulator/find.ts';
import { LOCAL_DIR, ROOT_DIR } from '../paths.ts';

export const PROJECT_ID = 'demo-outbox';

const INSTALL_FIRST = 'Run `node tools/bootstrap.mjs --emulators` (npm start and npm test do).';

export function buildEmulatorCommand(): string[] {
  const firebase = join(
    ROOT_DIR,
    'tools/emulators/node_modules/firebase-tools/lib/bin/firebase.js',
  );
  if (!existsSync(firebase)) throw new Error(`firebase-tools is not installed. ${INSTALL_FIRST}`);
  const options = ['--only', 'functions,firestore,auth,hosting,tasks', '--project', PROJECT_ID];
  const command = [process.execPath, firebase, 'emulators:start', ...options];
  const emulator = findEmulator();
  if (emulator.kind === 'none') throw new Error(emulator.message);
  if (emulator.kind === 'install-hidane')
    throw new Error(`hidane is not installed. ${INSTALL_FIRST}`);
  return emulator.kind === 'hidane' ? [emulator.path, 'exec', '--', ...command] : command;
}

/** Settings of the caller's session that would reach the functions, or point them elsewhere. */
const FOREIGN =
  /^(?:NODE_ENV|NODE_OPTIONS|NODE_V8_COVERAGE|FORCE_COLOR|JEST_WORKER_ID|GCLOUD_PROJECT|GOOGLE_.*|FIREBASE_.*|FIRESTORE_.*|OUTBOX_.*)$/;

/** The environment of the emulators: nobody's credentials, no network, no colours, own temporary folder. */
export function buildEmulatorEnvironment(
  inherited: Readonly<NodeJS.ProcessEnv>,
  tempPath: string,
): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(kept),
    // The message of the day, the search for updates and questions to a person are left out.
    CI: 'true',
    NO_COLOR: '1',
    // firebase-tools asks the registry whether firebase-functions is the newest.
    npm_config_offline: 'true',
    // No search for Google's metadata server: there is none, and it warns that there is none.
    METADATA_SERVER_DETECTION: 'none',
    // Through a file instead of over HTTP, where firebase-tools waits 3 s for its own connection to close.
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
    // Where `firebase login` keeps its account, which the functions would get as credentials.
    XDG_CONFIG_HOME: join(LOCAL_DIR, 'firebase-config'),
    NODE_COMPILE_CACHE: join(LOCAL_DIR, 'compile-cache'),
    TMPDIR: tempPath,
    TMP: tempPath,
    TEMP: tempPath,
  };
}
