import { matterBilling } from '../features/billing/index.ts';
import { callStatistics, phoneCompliance } from '../features/compliance/index.ts';

/** Every read model, in the order in which they react. New ones are added here. */
export const PROJECTIONS = [matterBilling, phoneCompliance, callStatistics] as const;
