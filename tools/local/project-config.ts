import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_DIR } from '../paths.ts';
import type { Ports } from './ports.ts';

export interface FirebaseConfig {
  readonly functions: readonly { readonly source: string; readonly [key: string]: unknown }[];
  readonly firestore: { readonly rules: string };
  readonly hosting: { readonly public: string; readonly [key: string]: unknown };
  readonly emulators: Readonly<Record<string, EmulatorConfig | boolean>>;
}

interface EmulatorConfig {
  readonly port?: number;
  readonly websocketPort?: number;
}

export function readProjectConfig(): FirebaseConfig {
  return JSON.parse(readFileSync(join(ROOT_DIR, 'firebase.json'), 'utf8')) as FirebaseConfig;
}

/** The ports that firebase.json promises to those who run the stack by hand. */
export function readWantedPorts(config: FirebaseConfig): Partial<Ports> {
  const wanted: Partial<Record<keyof Ports, number>> = {};
  for (const name of [
    'functions',
    'firestore',
    'auth',
    'hosting',
    'hub',
    'logging',
    'eventarc',
    'tasks',
  ] as const) {
    const emulator = config.emulators[name];
    if (typeof emulator === 'object' && emulator.port !== undefined) wanted[name] = emulator.port;
  }
  const firestore = config.emulators['firestore'];
  if (typeof firestore === 'object' && firestore.websocketPort !== undefined) {
    wanted.firestoreWebsocket = firestore.websocketPort;
  }
  return wanted;
}
