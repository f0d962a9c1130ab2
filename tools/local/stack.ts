import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_DIR, ROOT_DIR } from '../paths.ts';
import { buildFunctions, buildPages, EXAMPLE } from './build.ts';
import { buildEmulatorCommand, buildEmulatorEnvironment, PROJECT_ID } from './emulator-command.ts';
import {
  buildRunConfig,
  formatSettings,
  FUNCTIONS_FOLDER,
  HOSTING_FOLDER,
  SETTINGS_FOLDER,
} from './emulator-config.ts';
import { startEmulatorProcess, type EmulatorProcess } from './emulator-process.ts';
import {
  formatFunctionLog,
  isWorthShowing,
  parseFunctionLog,
  type FunctionLogEntry,
} from './function-log.ts';
import { assignPorts, HOST, type PortName, type Ports } from './ports.ts';
import { readProjectConfig, readWantedPorts } from './project-config.ts';
import { createRunFolder, type RunFolder } from './run-folder.ts';
import { LOCAL_SECRETS } from './settings.ts';
import { postTick } from './tick.ts';

export interface StackOptions {
  /** Names the log: .local/<name>.log */
  readonly name: string;
  /** `wanted`: the ports of firebase.json, and others only where those are taken. */
  readonly ports?: 'wanted' | 'free';
  /** Settings of the functions (parameters and environment variables). */
  readonly env?: Readonly<Record<string, string>>;
  /** `false` switches the fast path off: then the tick alone runs the jobs. */
  readonly trigger?: boolean;
  /** Where lines for people go: warnings of the functions, ports that were taken. */
  readonly log?: (line: string) => void;
  /** Shows everything that the functions log, not only warnings. */
  readonly isVerbose?: boolean;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

/** What a client needs to know. */
export interface StackAddress {
  readonly projectId: string;
  readonly host: string;
  readonly ports: Ports;
}

export interface Stack extends StackAddress {
  readonly logPath: string;
  /** Everything that the functions have logged, in the order of its arrival. */
  readonly functionsLog: readonly FunctionLogEntry[];
  /** Resolves when the emulators have ended, whoever ended them. */
  readonly ended: Promise<void>;
  functionUrl(name: string): string;
  /** Runs a scheduled function once, and resolves when it has ended. */
  tick(functionName?: string): Promise<void>;
  stop(): Promise<void>;
}

/** The others are the emulators' own business. */
const PUBLIC_PORTS: ReadonlySet<PortName> = new Set(['functions', 'firestore', 'auth', 'hosting']);

/** Builds the functions and starts them beside Firestore and Auth; either all of it runs or nothing. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const command = buildEmulatorCommand();
  const functionsLog: FunctionLogEntry[] = [];
  const folder = createRunFolder();
  const logPath = join(LOCAL_DIR, `${options.name}.log`);
  let emulators: EmulatorProcess | undefined;
  try {
    await Promise.all([
      buildFunctions(join(folder.path, FUNCTIONS_FOLDER)),
      buildPages(join(folder.path, HOSTING_FOLDER)),
    ]);
    const ports = await writeRunConfig(folder, options);
    emulators = startEmulatorProcess({
      command,
      cwd: folder.path,
      env: buildEmulatorEnvironment(process.env, folder.tempPath),
      logPath,
      onLine: (line) => collectFunctionLog(line, functionsLog, options),
    });
    await (options.signal === undefined
      ? emulators.ready
      : untilAborted(emulators.ready, options.signal));
    return describeStack({ emulators, folder, ports, logPath, functionsLog });
  } catch (error) {
    await emulators?.stop();
    folder.remove();
    if (emulators === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const hint = `The whole log is in ${logPath}; it ends with:`;
    throw new Error([reason, hint, emulators.tail()].join('\n'), { cause: error });
  }
}

async function writeRunConfig(
  folder: RunFolder,
  { ports: wish = 'free', env = {}, trigger = true, log }: StackOptions,
): Promise<Ports> {
  const config = readProjectConfig();
  const { ports, taken } = await assignPorts(wish === 'wanted' ? readWantedPorts(config) : {});
  for (const { name, wanted } of taken) {
    if (!PUBLIC_PORTS.has(name)) continue;
    log?.(`Port ${String(wanted)} is in use; ${name} is on ${String(ports[name])} this time.`);
  }
  writeFileSync(
    join(folder.path, 'firebase.json'),
    JSON.stringify(buildRunConfig(config, ROOT_DIR, ports)),
  );
  mkdirSync(join(folder.path, SETTINGS_FOLDER));
  const settings = trigger ? env : { ...env, OUTBOX_TRIGGER: 'off' };
  writeFileSync(join(folder.path, SETTINGS_FOLDER, '.env'), formatSettings(settings));
  // The emulator looks for it beside the code, and asks Google's Secret Manager where it finds none.
  writeFileSync(
    join(folder.path, FUNCTIONS_FOLDER, '.secret.local'),
    formatSettings(LOCAL_SECRETS),
  );
  // Where the example page finds the emulators.
  writeFileSync(
    join(folder.path, HOSTING_FOLDER, EXAMPLE, 'place.json'),
    JSON.stringify({ projectId: PROJECT_ID, host: HOST, ports }),
  );
  return ports;
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new Error('Starting was given up'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function collectFunctionLog(
  line: string,
  functionsLog: FunctionLogEntry[],
  { log, isVerbose = false }: StackOptions,
): void {
  const entry = parseFunctionLog(line);
  if (entry === undefined) return;
  functionsLog.push(entry);
  if (isVerbose || isWorthShowing(entry)) log?.(formatFunctionLog(entry, isVerbose));
}

interface StackParts {
  readonly emulators: EmulatorProcess;
  readonly folder: RunFolder;
  readonly ports: Ports;
  readonly logPath: string;
  readonly functionsLog: readonly FunctionLogEntry[];
}

function describeStack({ emulators, folder, ports, logPath, functionsLog }: StackParts): Stack {
  const functionUrl = (name: string): string =>
    `http://${HOST}:${String(ports.functions)}/${PROJECT_ID}/us-central1/${name}`;
  return {
    projectId: PROJECT_ID,
    host: HOST,
    ports,
    logPath,
    functionsLog,
    ended: emulators.ended,
    functionUrl,
    tick: (functionName = 'outboxProcessor') => postTick(functionUrl(functionName)),
    stop: async () => {
      await emulators.stop();
      folder.remove();
    },
  };
}
