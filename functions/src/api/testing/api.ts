import { expect } from '@jest/globals';
import { buildApi } from '../../composition/api.ts';
import type { AuditEntry } from '../../audit/audit.ts';
import { backend, logs } from '../../composition/testing/backend.ts';
import type { World } from '../../composition/testing/world.ts';
import type { z } from 'zod';
import type { EmitResult } from '#events';
import type { Problem } from '#kernel';
import type { Api } from '../app.ts';
import type { Token } from '../caller.ts';
import type { eventDocument } from '../documents.ts';
import { undocumentedIn } from './contract.ts';

/** A body as it is sent. */
export type Text = string | Uint8Array<ArrayBuffer>;

/** What a call is made with; all but `as` is as in `fetch`. */
export interface Asked {
  /** Whose token: a person of the world, `expired`, or none. */
  readonly as?: string | undefined;
  /** Default: the world's first organization; null says none. */
  readonly orgId?: string | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: Text;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, read. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnsweredBody;
}

/** Fields of all answers: a test knows which of them its answer has. */
export interface AnsweredBody {
  readonly events: readonly z.output<typeof eventDocument>[];
  readonly nextCursor?: string;
  readonly nextFromVersion?: number;
  readonly results: readonly EmitResult[];
  readonly schemas: readonly { readonly type: string }[];
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly problems: readonly Problem[];
  readonly metadata: z.output<typeof eventDocument>['metadata'];
  readonly jobTypes: readonly string[];
  readonly version: number;
  readonly total: number;
  readonly others: number;
  readonly types: readonly unknown[];
}

/** Calls the API in this process. */
export type Ask = (method: string, path: string, asked?: Asked) => Promise<Answered>;

/** What the producer `pia` may record. */
const PIAS_TYPES = ['custom.*', 'payment.paid', 'automation.step_queued'];

/** Whoever is not named here has no claims. */
function claimsIn({ orgId }: World): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    ops: { operator: true },
    pia: { producer: { orgs: [orgId], types: PIAS_TYPES } },
    bad: { producer: { orgs: orgId, types: null }, operator: 'yes' },
  };
}

/** What was told of operators' changes besides their record. */
export const sentAudits: AuditEntry[] = [];

function sendAudit(entry: AuditEntry): Promise<void> {
  sentAudits.push(entry);
  return Promise.resolve();
}

/** The API of the tests' backend, asked by the people of a world; every answer is held to the contract. */
export async function openApi(
  world: World,
  rateLimit: Parameters<typeof buildApi>[0]['rateLimit'] = () => Promise.resolve(undefined),
): Promise<Ask> {
  const claims = claimsIn(world);
  const verifyToken = (token: string): Promise<Token | 'expired' | undefined> => {
    if (token === 'expired') return Promise.resolve('expired');
    if (token.startsWith('forged')) return Promise.resolve(undefined);
    return Promise.resolve({ uid: token, claims: claims[token] ?? {} });
  };
  // As in the emulator: no test asks a real project anything.
  const surroundings = {
    isEmulator: true,
    project: undefined,
    missingParameters: [],
    nodeVersion: process.versions.node,
    service: undefined,
  };
  const about = { surroundings, region: 'us-central1', logger: logs };
  const api = await buildApi({ backend, verifyToken, rateLimit, sendAudit, ...about });
  return (method, path, asked = {}) => ask(api, world, { ...asked, method, path });
}

async function ask(
  api: Api,
  world: World,
  asked: Asked & { readonly method: string; readonly path: string },
): Promise<Answered> {
  const { method, path, as, orgId = world.orgId, body, text, headers = {} } = asked;
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const request = new Request(`http://api.test${path}`, {
    method,
    ...(sent === undefined ? {} : { body: sent }),
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...(orgId === null ? {} : { 'x-org-id': orgId }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  const facts = { correlationId: 'request-1', ipAddress: '203.0.113.7' };
  const response = await api.fetch(request, facts);
  const read = (await bodyOf(response)) as AnsweredBody;
  const { status, headers: answeredHeaders } = response;
  const answer = { status, headers: answeredHeaders, body: read };
  expect(undocumentedIn(method, path, answer)).toEqual([]);
  expect(answeredHeaders.get('cache-control')).toBe('private, no-cache');
  return answer;
}

/** What is JSON, read; undefined where there is nothing. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return isJson ? JSON.parse(text) : text;
}
