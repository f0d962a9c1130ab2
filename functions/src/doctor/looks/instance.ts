import { judgeClock, judgeRuntime } from '../checks/runtime.ts';
import type { RuntimeFacts } from '../checks/runtime.ts';
import { judgeParameters } from '../checks/parameters.ts';
import type { SettingsFacts } from '../checks/settings.ts';
import { judgeSettings } from '../checks/settings.ts';
import type { Look, Seen } from '../finding.ts';
import { defineLook } from '../finding.ts';

/** Of the process that answers. */
export interface Instance {
  readonly settings: SettingsFacts;
  readonly runtime: RuntimeFacts;
  /** By their names. */
  readonly missingParameters: readonly string[];
  readonly machineTimeMs: () => number;
  /** A read of the server's time. */
  readonly readServerTimeMs: () => Promise<number>;
}

/** What the process that answers can see of itself. One read. */
export function lookAtInstance(instance: Instance): readonly Look[] {
  const { settings, runtime, missingParameters, machineTimeMs, readServerTimeMs } = instance;
  return [
    defineLook({
      name: 'settings',
      gather: () => seen(settings),
      judge: judgeSettings,
    }),
    defineLook({
      name: 'parameters',
      gather: () => (settings.isEmulator ? inEmulator('Parameters') : seen(missingParameters)),
      judge: judgeParameters,
    }),
    defineLook({
      name: 'runtime',
      gather: () => (settings.isEmulator ? inEmulator('The runtime') : seen(runtime)),
      judge: judgeRuntime,
    }),
    defineLook({
      name: 'clock',
      gather: async () => {
        const beforeMs = machineTimeMs();
        const serverMs = await readServerTimeMs();
        return seen({ beforeMs, serverMs, afterMs: machineTimeMs() });
      },
      judge: judgeClock,
    }),
  ];
}

function seen<T>(facts: T): Promise<Seen<T>> {
  return Promise.resolve({ kind: 'seen', facts });
}

function inEmulator(what: string): Promise<Seen<never>> {
  const why = `${what} of a deployment cannot be seen in the emulator.`;
  return Promise.resolve({ kind: 'unseen', why, whatToDo: 'Ask the doctor of a real project.' });
}
