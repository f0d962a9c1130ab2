import { answerOf } from '../api/answer.ts';
import type { operations } from '../api/contract.ts';
import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { given } from '../given.ts';
import { clean } from '../output/text.ts';
import { actorOf, entityOf, type Event } from './show-event.ts';

const POLL_MS = 2000;
/** Commits are seen in another order than that of their times: so far back is looked again, each time. */
const OVERLAP_MS = 5000;
/** As many as the API gives in one answer. */
export const PAGE = 200;

type Query = NonNullable<operations['listEvents']['parameters']['query']>;

interface TailOptions {
  readonly orgId: string;
  readonly type?: string;
  /** At most `PAGE`. */
  readonly lines: number;
}

/** `outbox tail`: each event once, in the order in which it is seen. A view, not a delivery: what is seen later than 5 s after others may be left out. */
export async function tailEvents(context: Context, options: TailOptions): Promise<ExitCode> {
  const { shell, output } = context;
  let seen = new Map<string, number>();
  let from = await begin(context, options, (event) => seen.set(event.eventId, timeOf(event)));
  for (;;) {
    await shell.wait(POLL_MS);
    if (shell.interrupted.aborted) break;
    try {
      for await (const event of eventsFrom(context, options, from)) {
        if (!seen.has(event.eventId)) show(context, event);
        seen.set(event.eventId, timeOf(event));
        from = new Date(Math.max(Date.parse(from), timeOf(event) - OVERLAP_MS)).toISOString();
      }
    } catch (error) {
      if (error instanceof Failure && error.exitCode === EXIT_CODES.interrupted) break;
      throw error;
    }
    const oldest = Date.parse(from);
    seen = new Map([...seen].filter(([, time]) => time >= oldest));
  }
  if (!output.isJson) output.note('');
  return EXIT_CODES.ok;
}

/** Shows the last ones; the time from which on it has to be looked. */
async function begin(
  context: Context,
  { orgId, type, lines }: TailOptions,
  remember: (event: Event) => void,
): Promise<string> {
  const { api } = context;
  const query = given({ eventType: type, limit: lines });
  const params = { query, header: { 'X-Org-Id': orgId } };
  const { events } = await answerOf(api.GET('/v1/events', { params }));
  for (const event of events.toReversed()) {
    show(context, event);
    remember(event);
  }
  const [newest] = events;
  // Where there is none, all that come are new; this machine's clock may be wrong.
  return new Date(newest === undefined ? 0 : timeOf(newest) - OVERLAP_MS).toISOString();
}

async function* eventsFrom({ api }: Context, { orgId, type }: TailOptions, from: string) {
  let cursor: string | undefined;
  do {
    const asked: Query = { order: 'oldest', limit: PAGE, from };
    const query = { ...asked, ...given({ eventType: type, cursor }) };
    const params = { query, header: { 'X-Org-Id': orgId } };
    const page = await answerOf(api.GET('/v1/events', { params }));
    yield* page.events;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function show({ output }: Context, event: Event): void {
  const { recordedAt, eventType, eventId } = event;
  const words = [recordedAt, eventType, entityOf(event), actorOf(event), eventId];
  output.showNext(event, () => clean(words.join('  ')));
}

function timeOf({ recordedAt }: Event): number {
  return Date.parse(recordedAt);
}
