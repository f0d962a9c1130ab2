// The typed client of this backend's callables, for apps: over `firebase/functions`, and nothing else.
export { CallError } from './call-error.ts';
export type { CallErrorCode, Problem } from './call-error.ts';
export { openClient } from './client.ts';
export type { Client } from './client.ts';
export type { Callables } from './contracts.ts';
export { intentTo } from './intent.ts';
export type { CallableName, InputOf, Intent, ResultOf } from './intent.ts';
