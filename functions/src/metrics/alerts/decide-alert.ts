/** What operators are told of, by its stored name. */
export const ALERTS = ['dead_letters', 'pending', 'oldest_due', 'latency_p95'] as const;
/** One of `ALERTS`. */
export type AlertName = (typeof ALERTS)[number];

/** A number for each alert: jobs, or milliseconds. */
export type AlertNumbers = Readonly<Record<AlertName, number>>;

/** What was measured; undefined where there was too little to measure. */
export type Measured = Readonly<Record<AlertName, number | undefined>>;

/** A change of an alert, and what was measured. */
export interface AlertChange {
  readonly alert: AlertName;
  readonly kind: 'raised' | 'resolved';
  readonly value: number;
  readonly threshold: number;
}

/** An alert that is raised is resolved by a value of this share of its threshold, so that one at the edge does not flap. */
const RESOLVED_SHARE = 0.8;

/** What becomes of the alerts; `raised`: those that are. One that nothing was measured of stays as it is. */
export function decideAlerts(
  raised: ReadonlySet<AlertName>,
  values: Measured,
  thresholds: AlertNumbers,
): AlertChange[] {
  return ALERTS.flatMap((alert) => {
    const [value, threshold] = [values[alert], thresholds[alert]];
    if (value === undefined) return [];
    const kind = decideAlert(raised.has(alert), value, threshold);
    return kind === 'stays' ? [] : [{ alert, kind, value, threshold }];
  });
}

function decideAlert(
  isRaised: boolean,
  value: number,
  threshold: number,
): AlertChange['kind'] | 'stays' {
  if (!isRaised && value > threshold) return 'raised';
  return isRaised && value <= threshold * RESOLVED_SHARE ? 'resolved' : 'stays';
}
