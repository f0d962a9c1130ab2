import { z } from 'zod';
import type { EmitResult, TypedEventInput } from '#events';
import type {
  DocumentData,
  DocumentReader,
  DocumentTransaction,
  Ids,
  Logger,
  RunTransaction,
} from '#kernel';
import { PLATFORM } from '#kernel';
import type { AlertChange, AlertName, AlertNumbers, Measured } from './decide-alert.ts';
import { ALERTS, decideAlerts } from './decide-alert.ts';
import type { PlatformEvent } from './events.ts';

const STATE = 'outbox_metrics/alerts';
const ACTOR = { actorType: 'system', actorId: 'alerts' } as const;

const time = z
  .custom<{ toMillis(): number }>(
    (value) => typeof value === 'object' && value !== null && 'toMillis' in value,
  )
  .transform((at) => at.toMillis());
const changeDocument = z.object({
  alert: z.enum(ALERTS),
  kind: z.enum(['raised', 'resolved']),
  value: z.number(),
  threshold: z.number(),
});
const stateDocument = z.object({
  raised: z.partialRecord(z.enum(ALERTS), z.object({ value: z.number(), since: time })),
  /** The transaction that wrote it, and what it changed: it may be run again after its own commit. */
  by: z.string(),
  changes: z.array(changeDocument),
});
type AlertState = z.output<typeof stateDocument>;

/** An alert as operators see it. */
export interface Alert {
  readonly alert: AlertName;
  /** From this on it is raised: jobs, or milliseconds. */
  readonly threshold: number;
  /** Of one that is raised: since when, in milliseconds since the epoch, and what was measured then. */
  readonly raised?: { readonly sinceMs: number; readonly value: number } | undefined;
}

/** What operators are told of without asking. */
export interface Alerts {
  /**
   * Measures, and says of each alert that it is raised or resolved: by a log line, and then once, however many
   * look at once, by an event of the platform's own tenant in the commit that notes it. A process that ends between
   * the two leaves both to the next look: the line may come twice, and is never left out.
   */
  readonly look: () => Promise<readonly AlertChange[]>;
  /** All of them, as they were noted last. One read. */
  readonly list: () => Promise<readonly Alert[]>;
}

/** What alerts are made of. */
export interface AlertDeps {
  readonly measure: () => Promise<Measured>;
  readonly thresholds: AlertNumbers;
  readonly runTransaction: RunTransaction;
  readonly reader: Pick<DocumentReader, 'get'>;
  readonly emit: (
    event: TypedEventInput<PlatformEvent>,
    options: { readonly transaction: DocumentTransaction },
  ) => Promise<EmitResult>;
  readonly ids: Ids;
  readonly logger: Logger;
}

/** Alerts over what `measure` says. */
export function createAlerts(deps: AlertDeps): Alerts {
  return {
    look: async () => {
      const values = await deps.measure();
      const raised = raisedIn(stateOf((await deps.reader.get(STATE)).data));
      const coming = decideAlerts(raised, values, deps.thresholds);
      if (coming.length === 0) return coming;
      // Said where nothing has to be written, too: what is raised may be that nothing is.
      for (const change of coming) tell(deps.logger, change);
      return note(deps, values);
    },
    list: async () => {
      const state = stateOf((await deps.reader.get(STATE)).data);
      return ALERTS.map((alert) => {
        const raised = state?.raised[alert];
        const shown = raised && { sinceMs: raised.since, value: raised.value };
        return { alert, threshold: deps.thresholds[alert], raised: shown };
      });
    },
  };
}

function note(deps: AlertDeps, values: Measured): Promise<readonly AlertChange[]> {
  const correlationId = deps.ids.correlationId();
  return deps.runTransaction(deps.ids.documentId(), async (tx) => {
    const { data, readAtMs } = await tx.get(STATE);
    const state = stateOf(data);
    if (state?.by === tx.token) return state.changes;
    const changes = decideAlerts(raisedIn(state), values, deps.thresholds);
    if (changes.length === 0) return changes;
    tx.merge(STATE, { ...after(data, changes, readAtMs), by: tx.token, changes });
    for (const { alert, kind, value, threshold } of changes) {
      const event = {
        orgId: PLATFORM,
        eventType: kind === 'raised' ? 'platform.alert_raised' : 'platform.alert_resolved',
        entityType: 'alert',
        entityId: alert,
        actor: ACTOR,
        payload: { alert, value, threshold },
        metadata: { correlationId },
      } as const;
      await deps.emit(event, { transaction: tx });
    }
    return changes;
  });
}

/** Which are raised after these changes; of the others what is stored stays as it is. */
function after(
  data: DocumentData | undefined,
  changes: readonly AlertChange[],
  nowMs: number,
): DocumentData {
  const before = stateOf(data) === undefined ? {} : (data?.['raised'] as DocumentData);
  const resolved = new Set<string>(changes.map(({ alert }) => alert));
  const kept = Object.entries(before).filter(([alert]) => !resolved.has(alert));
  const raised = changes
    .filter(({ kind }) => kind === 'raised')
    .map(({ alert, value }) => [alert, { value, since: new Date(nowMs) }]);
  return { raised: Object.fromEntries([...kept, ...raised]) };
}

function raisedIn(state: AlertState | undefined): ReadonlySet<AlertName> {
  return new Set(ALERTS.filter((alert) => state?.raised[alert] !== undefined));
}

/** What somebody wrote over by hand begins anew. */
function stateOf(data: DocumentData | undefined): AlertState | undefined {
  return stateDocument.safeParse(data).data;
}

function tell(logger: Logger, { kind, ...change }: AlertChange): void {
  if (kind === 'raised') logger.write({ severity: 'ALERT', message: 'alert raised', ...change });
  else logger.write({ severity: 'INFO', message: 'alert resolved', ...change });
}
