export interface FunctionLogEntry {
  readonly severity: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const SEVERITIES = [
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
];
const WORKER_DIED = /Your function (?:was killed|timed out).*/;

/** What a function logged, from a line of the emulators' output; undefined for the emulators' own lines. */
export function parseFunctionLog(line: string): FunctionLogEntry | undefined {
  const died = WORKER_DIED.exec(line);
  if (died !== null) return { severity: 'ERROR', message: died[0], fields: {} };
  if (!line.startsWith('>')) return undefined;
  const text = line.slice(1).trim();
  const parsed = parseObject(text);
  if (parsed === undefined) return { severity: 'INFO', message: text, fields: {} };
  const { severity, message, ...fields } = parsed;
  return {
    severity: typeof severity === 'string' ? severity : 'INFO',
    message: typeof message === 'string' ? message : '',
    fields,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What the log e-mail sender says when it refuses an address that asks for it (`+fail2@`). */
const REFUSED_ON_PURPOSE = 'The simulated mailbox does not take it now.';

/** Whether a person should see it: warnings and worse, but for what was refused on purpose. */
export function isWorthShowing(entry: FunctionLogEntry): boolean {
  if (entry.severity === 'WARNING' && entry.fields['error'] === REFUSED_ON_PURPOSE) return false;
  return SEVERITIES.indexOf(entry.severity) >= SEVERITIES.indexOf('WARNING');
}

/** What tells a person most; the rest is in the log file. */
const TELLING_FIELDS = new Set([
  'command',
  'jobType',
  'attempt',
  'code',
  'error',
  'alert',
  'value',
]);

/** One line for people: the message, then the fields that tell most, or all that are not the platform's. */
export function formatFunctionLog(entry: FunctionLogEntry, isVerbose = false): string {
  const fields = Object.entries(entry.fields)
    .filter(([name]) => isVerbose || TELLING_FIELDS.has(name))
    .filter(([name]) => !name.startsWith('logging.googleapis.com/'))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [`[${entry.severity.toLowerCase()}]`, entry.message, ...fields].join(' ');
}

/** The functions' own errors: a run in which all is well has none. */
export function findErrors(entries: readonly FunctionLogEntry[]): FunctionLogEntry[] {
  return entries.filter(
    ({ severity }) =>
      severity !== 'ALERT' && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('ERROR'),
  );
}
