/** Severities of Cloud Logging that this backend uses. */
export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'ALERT';

/** One structured log line. `message` is a fixed text; what varies is in the other fields. */
export interface LogEntry {
  readonly severity: Severity;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Where log lines go. */
export interface Logger {
  write(entry: LogEntry): void;
}
