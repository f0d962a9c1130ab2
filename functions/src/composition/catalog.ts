import { Catalog } from '#events';
import { billingEvents } from '../features/billing/index.ts';
import { commentEvents } from '../features/comments/index.ts';
import { matterEvents } from '../features/matters/index.ts';
import { organizationEvents } from '../features/organizations/index.ts';

/** Every event definition of all features. */
export const allEvents = [
  ...organizationEvents,
  ...matterEvents,
  ...commentEvents,
  ...billingEvents,
] as const;

/** Any event this deployment emits. */
export type AnyEvent = (typeof allEvents)[number];

/** Every type of event, of all features. */
export const catalog = new Catalog(allEvents);
