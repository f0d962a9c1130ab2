export { createApi } from './app.ts';
export type { Api } from './app.ts';
export { showEvent } from './documents.ts';
export { problemResponse } from './problem.ts';
export type { VerifyToken } from './caller.ts';
export { createRateLimit } from './rate-limit/rate-limit.ts';
export type { ApiDeps } from './ports.ts';
