import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, parseSettings } from '../../functions/src/composition/settings.ts';
import { clearFirestore } from '../../functions/src/kernel/testing/clear-firestore.ts';
import type { Firestore } from '../../functions/src/kernel/testing/emulator-firestore.ts';
import { LOCAL_DIR } from '../../tools/paths.ts';
import { Fleet } from './fleet.ts';
import { Journal } from './journal.ts';
import type { WorkerOrders } from './orders.ts';

/** How the product is deployed where nobody says otherwise. */
export const DEPLOYED = parseSettings(DEFAULT_SETTINGS).processor;

/** Leases of a minute last six seconds: far longer than any handler of these tests, busy machines included. */
const SPEED = 10;

/** An empty database, a journal, and worker processes that are not started yet. */
export interface Scene {
  readonly journal: Journal;
  readonly fleet: Fleet;
  /** Where the journal and what the workers print are left to be looked at. */
  readonly folder: string;
}

export interface SceneSaid {
  /** Also the name of its folder. */
  readonly name: string;
  readonly settings: WorkerOrders['settings'];
  readonly speed?: number;
}

export async function openScene(
  firestore: Firestore,
  { name, settings, speed = SPEED }: SceneSaid,
): Promise<Scene> {
  await clearFirestore(firestore);
  const folder = join(LOCAL_DIR, 'faults', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const journal = new Journal(join(folder, 'journal.ndjson'));
  writeFileSync(journal.path, '');
  const time = { originMs: Date.now(), speed };
  const fleet = new Fleet({ time, settings }, { journal, logPath: join(folder, 'workers.log') });
  return { journal, fleet, folder };
}
