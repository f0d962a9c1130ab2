import { Option } from 'commander';
import { readTime } from '../page.ts';
import type { Kind } from './start.ts';

/** A kind of operation, as it is on the command line. */
export interface KindCommand extends Kind {
  readonly description: string;
  /** About all organizations together; the others are about one. */
  readonly isForAll?: true;
  /** What stands behind the command, by the parameter that it is. */
  readonly argument?: { readonly name: string; readonly param: string };
  /** Options, by the parameter that each is. */
  readonly params: Readonly<Record<string, Option>>;
}

/** What `from` and `to` say of events, for every kind that takes them. */
const times = {
  from: timeOption('--from <time>', 'recorded then or later: ISO 8601, or 2h for two hours ago'),
  to: timeOption('--to <time>', 'recorded before'),
};

const eventTypes = new Option('--type <eventType...>', 'only events of these types');

const someEvents = {
  eventTypes,
  entityType: new Option('--entity-type <type>', 'only events of such entities'),
  entityId: new Option('--entity-id <id>', 'only events of this one'),
  correlationId: new Option('--correlation <id>', 'only events of this request'),
  ...times,
};

const sideEffects = new Option(
  '--side-effects <id...>',
  'name those of them again by which something leaves Firestore, such as e-mails',
);

/** Each is a command of its name: what a kind's parameters mean, docs/reference/operations.md says. */
export const KIND_COMMANDS: readonly KindCommand[] = [
  {
    kind: 'replay',
    description: 'Give events to subscriptions again.',
    asks: 'Run the handlers again?',
    hasDryRun: true,
    params: {
      subscriptions: required('--subscription <id...>', 'to whom, at most 10'),
      ...someEvents,
      sideEffects,
    },
  },
  {
    kind: 'catch-up',
    description: 'Give a new subscription the events that were before it.',
    asks: 'Run the handler for them?',
    hasDryRun: true,
    params: {
      subscription: required('--subscription <id>', 'to whom'),
      eventTypes,
      ...times,
      sideEffects,
    },
  },
  {
    kind: 'rebuild',
    description: 'Make a read model anew, then switch to it.',
    asks: 'Make the read model anew?',
    hasDryRun: false,
    argument: { name: '<projection>', param: 'projection' },
    params: {},
  },
  {
    kind: 'verify',
    description: 'Verify that a log is as it was written.',
    hasDryRun: false,
    params: { archived: new Option('--archived', 'its archive, too') },
  },
  {
    kind: 'archive',
    description: 'Move old events to the archive.',
    asks: 'Move them to the archive?',
    hasDryRun: true,
    params: {
      before: timeOption('--before <time>', 'recorded before; ARCHIVE_AFTER_DAYS unless said'),
    },
  },
  {
    kind: 'restore',
    description: 'Put archived events back, without jobs.',
    asks: 'Put them back?',
    hasDryRun: true,
    params: {
      from: required('--from <day>', 'the first day, such as 2030-01-31'),
      to: required('--to <day>', 'the last one'),
    },
  },
  {
    kind: 'purge',
    description: 'Delete old dead letters and cancelled jobs. It is done each day anyway.',
    isForAll: true,
    asks: 'Delete them?',
    hasDryRun: true,
    params: {},
  },
  {
    kind: 'export',
    description: 'Write events to files, as NDJSON.',
    hasDryRun: true,
    params: someEvents,
  },
  {
    kind: 'accounting',
    description: 'Write invoices and payments to files, as CSV.',
    hasDryRun: true,
    params: times,
  },
  {
    kind: 'import',
    description: 'Write the events of a file, which happened before, without jobs.',
    asks: 'Write them?',
    hasDryRun: true,
    argument: { name: '<file>', param: 'file' },
    params: {
      source: required('--source <name>', 'where they come from: with it, each is written once'),
    },
  },
];

function timeOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(readTime);
}

function required(flags: string, description: string): Option {
  return new Option(flags, description).makeOptionMandatory();
}
