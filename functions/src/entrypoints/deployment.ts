import { REGION } from '../composition/index.ts';

/** Where and how large every function is, unless it says otherwise. */
export const DEPLOYMENT = { region: REGION, memory: '256MiB' } as const;
