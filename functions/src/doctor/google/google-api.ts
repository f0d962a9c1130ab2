import { z } from 'zod';
import type { Seen, Unseen } from '../finding.ts';

/** What is asked of one of Google's REST APIs. */
export interface Question<T> {
  /** Such as `firestore.googleapis.com`. */
  readonly host: string;
  /** After the host, with its version, without `pageToken`. */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  /** A role that may ask it: for who is refused. */
  readonly role: string;
}

/** Asks Google's REST APIs as the service account that the functions run as; only reads. */
export interface GoogleApi {
  /** Every page of a list, whose items stand in the field `items`. */
  readonly list: <T>(
    question: Question<T> & { readonly items: string },
    signal: AbortSignal,
  ) => Promise<Seen<readonly T[]>>;
  /** One resource; undefined where there is none of its name. */
  readonly get: <T>(question: Question<T>, signal: AbortSignal) => Promise<Seen<T | undefined>>;
}

/** More than any project has; a server that never ends its list is given up. */
const MAX_PAGES = 50;

const page = z.looseObject({ nextPageToken: z.string().optional() });

/** See https://cloud.google.com/apis/design/errors. */
const refusal = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

type Fetch = (
  url: string,
  init: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
) => Promise<Response>;

/** Binds it to who asks. */
export function createGoogleApi(deps: {
  readonly fetch: Fetch;
  readonly accessToken: () => Promise<string>;
}): GoogleApi {
  const ask = async (
    question: Question<unknown>,
    signal: AbortSignal,
    pageToken?: string,
  ): Promise<Seen<unknown> | 'absent'> => {
    const url = new URL(question.path, `https://${question.host}`);
    if (pageToken !== undefined) url.searchParams.set('pageToken', pageToken);
    const headers = { authorization: `Bearer ${await deps.accessToken()}` };
    const response = await deps.fetch(url.href, { headers, signal });
    if (response.status === 404) return 'absent';
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status === 200) return { kind: 'seen', facts: body };
    return refused(question, response.status, body);
  };
  return {
    list: (question, signal) => listAll(question, (token) => ask(question, signal, token)),
    get: async (question, signal) => {
      const answer = await ask(question, signal);
      if (answer === 'absent') return { kind: 'seen', facts: undefined };
      return answer.kind === 'seen' ? readAs(question, question.schema, answer.facts) : answer;
    },
  };
}

async function listAll<T>(
  question: Question<T> & { readonly items: string },
  askPage: (pageToken?: string) => Promise<Seen<unknown> | 'absent'>,
): Promise<Seen<readonly T[]>> {
  const all: T[] = [];
  let pageToken: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const answer = await askPage(pageToken);
    if (answer === 'absent') return refused(question, 404, undefined);
    if (answer.kind === 'unseen') return answer;
    const read = readAs(question, page, answer.facts);
    if (read.kind === 'unseen') return read;
    // An empty list is left out.
    const items = readAs(question, z.array(question.schema), read.facts[question.items] ?? []);
    if (items.kind === 'unseen') return items;
    all.push(...items.facts);
    pageToken = read.facts.nextPageToken;
    if (pageToken === undefined || pageToken === '') return { kind: 'seen', facts: all };
  }
  return unseen(`${question.host} did not end its list.`, 'Ask again.');
}

function readAs<T>({ host }: Question<unknown>, schema: z.ZodType<T>, body: unknown): Seen<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { kind: 'seen', facts: parsed.data };
  const why = `${host} answered something that is not as documented.`;
  return unseen(why, 'Ask again; if it stays so, this check no longer fits the API: report it.');
}

/** By codes only: texts of others may say anything. */
function refused({ host, role }: Question<unknown>, status: number, body: unknown): Unseen {
  const { data } = refusal.safeParse(body);
  const reason = data?.error.details?.find((detail) => detail.reason !== undefined)?.reason;
  const codes = [String(status), data?.error.status, reason].filter((code) => code !== undefined);
  const why = `${host} answered ${codes.join(', ')}.`;
  if (reason === 'SERVICE_DISABLED') {
    return unseen(why, `Enable it: gcloud services enable ${host}`);
  }
  if (status === 401 || status === 403) {
    return unseen(why, `Give the service account of the function api the role ${role}.`);
  }
  const whatToDo = status === 404 ? 'Is this the right project and database?' : 'Ask again.';
  return unseen(why, whatToDo);
}

function unseen(why: string, whatToDo: string): Unseen {
  return { kind: 'unseen', why, whatToDo };
}
