// For the tests of features: what they need that no test framework gives.
export { given } from './given.ts';
export type { Outcome } from './given.ts';
