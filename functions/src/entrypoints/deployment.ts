/** Where and how large every function is, unless it says otherwise. */
export const DEPLOYMENT = { region: 'us-central1', memory: '256MiB' } as const;
