import { ManualClock } from '../../kernel/testing/manual-clock.ts';
import { KeptLogs } from '../testing/a-worker.ts';
import { breakersContract } from '../testing/breakers-contract.ts';
import { createBreakers } from './breakers.ts';
import { createProcessorLogs } from './logs.ts';

breakersContract('by cockatiel', (settings) => {
  const [clock, logs] = [new ManualClock(), new KeptLogs()];
  return {
    breakers: createBreakers(clock, createProcessorLogs(logs), settings),
    logs,
    pass: async (ms) => clock.advance(ms),
  };
});
