import { KeptLogs } from '../testing/a-worker.ts';
import { breakersContract } from '../testing/breakers-contract.ts';
import { systemClock } from '../../kernel/system.ts';
import { createBreakers } from './breakers.ts';
import { createProcessorLogs } from './logs.ts';

breakersContract('by cockatiel', ({ failuresInARow, openMs }) => {
  const logs = new KeptLogs();
  return {
    breakers: createBreakers(systemClock, createProcessorLogs(logs), { failuresInARow, openMs }),
    logs,
    pass: (ms) => systemClock.wait(ms),
  };
});
