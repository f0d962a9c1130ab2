import type { Firestore } from 'firebase-admin/firestore';
import type { EmitDomainEvent } from '#events/firestore';
import type { DocumentReader, Logger, RunTransaction } from '#kernel';
import { systemClock, systemIds } from '#kernel';
import type { OutboxStore } from '#outbox';
import { createJobQuestions } from '#outbox/firestore';
import { createMetricsStore } from '../metrics/firestore.ts';
import type { Alerts, Metrics, MetricsStore } from '../metrics/index.ts';
import { createAlerts, createMeasure, createMetrics } from '../metrics/index.ts';
import type { AnyEvent } from './catalog.ts';
import type { Settings } from './settings.ts';

/** What tells how the deployment does. */
export interface Monitoring {
  /** What this instance gathers. */
  readonly metrics: Metrics;
  /** What all of them gathered. */
  readonly metricsStore: MetricsStore;
  readonly alerts: Alerts;
}

/** Puts it together; starts no I/O. */
export function createMonitoring(deps: {
  readonly firestore: Firestore;
  readonly reader: DocumentReader;
  readonly runTransaction: RunTransaction;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: OutboxStore;
  readonly emit: EmitDomainEvent<AnyEvent>;
}): Monitoring {
  const { firestore, settings, logger, store, emit } = deps;
  const metricsStore = createMetricsStore(firestore);
  const thresholds = settings.alertThresholds;
  const metrics = createMetrics({
    store: metricsStore,
    instanceId: systemIds.documentId(),
    clock: systemClock,
    logger,
    slowMs: settings.slowEventMs,
  });
  const measure = createMeasure({
    store,
    jobs: createJobQuestions(firestore),
    metrics: metricsStore,
    slots: settings.processor.slots,
    thresholds,
  });
  const alerts = createAlerts({ ...deps, measure, thresholds, ids: systemIds, emit });
  return { metrics, metricsStore, alerts };
}
