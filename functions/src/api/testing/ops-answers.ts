import type { z } from 'zod';
import type { JobCounts, StatusCounts } from '#outbox';
import type { eventDocument } from '../documents.ts';
import type { operationDocument } from '../routes/ops/operation-documents.ts';
import type { opsJobDocument, pauseDocument, runDocument } from '../routes/ops/job-documents.ts';
import type { Ask } from './api.ts';

type Job = z.output<typeof opsJobDocument>;
type Operation = z.output<typeof operationDocument>;

/** Fields of all answers to operators: a test knows which of them its answer has. */
export interface OpsAnswer {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly jobs: readonly Job[];
  readonly malformed: readonly { readonly id: string; readonly problem: string }[];
  readonly nextCursor?: string;
  readonly job: Job;
  readonly runs: readonly z.output<typeof runDocument>[];
  readonly line?: { readonly orderingKey: string; readonly inFront?: Job };
  readonly event?: z.output<typeof eventDocument>;
  readonly verdict: string;
  readonly findings: readonly { readonly code: string; readonly where: string }[];
  readonly looks: readonly { readonly name: string; readonly looked: boolean }[];
  readonly late: boolean;
  readonly oldestDue?: { readonly jobId: string; readonly jobType: string; readonly ageMs: number };
  readonly deadLetters: number;
  readonly pauses: readonly z.output<typeof pauseDocument>[];
  readonly pauseId: string;
  readonly total: StatusCounts;
  readonly types: JobCounts['types'];
  readonly others: StatusCounts;
  readonly blockedLines: number;
  readonly organizations: readonly (StatusCounts & { readonly orgId: string })[];
  readonly slots?: readonly { readonly slot: number; readonly open: number }[];
  readonly lines: readonly { readonly jobId: string; readonly waiting: number }[];
  readonly subscriptions: readonly {
    readonly id: string;
    readonly status: 'active' | 'paused';
    readonly pausedFor?: readonly string[];
  }[];
  readonly operations: readonly Operation[];
}

/** What an operator, who names no organization, is answered. */
export type AskAsOperator = (
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
) => Promise<OpsAnswer>;

/** `path` is below `/v1/ops/`. */
export function asOperator(ask: Ask): AskAsOperator {
  return async (method, path, body) => {
    const answer = await ask(method, `/v1/ops/${path}`, { as: 'ops', orgId: null, body });
    return { ...(answer.body as unknown as OpsAnswer), status: answer.status };
  };
}
