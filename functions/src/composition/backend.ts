import type { Api } from '../api/index.ts';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { EmitBatch } from '#events';
import type { EmitDomainEvent } from '#events/firestore';
import { messageOf } from '#kernel';
import { buildApi, buildRateLimit } from './api.ts';
import type { NewOperation, StartedOperation } from '../operations/index.ts';
import { startAudited } from '../operations/index.ts';
import { auditSender, buildAudited } from './audit.ts';
import type { AnyEvent } from './catalog.ts';
import type { Backend } from './create-backend.ts';
import { createBackend } from './create-backend.ts';
import { firebaseLogger } from './firebase-logger.ts';
import { readSettings } from './params.ts';
import { whenStopping } from './stopping.ts';
import { readSurroundings } from './surroundings.ts';
import { createTaskQueue } from './task-queue.ts';
import { verifyToken } from './verify-token.ts';

/** Where every function is. */
export const REGION = 'us-central1';
/** Called to a backlog, and when a retry is due. */
const WORKER_FUNCTION = ['locations', REGION, 'functions', 'outboxWorker'].join('/');

let backend: Backend | undefined;

/** The backend of this instance, built at its first call; throws `invalid-setting` where one is wrong. */
export function getBackend(): Backend {
  backend ??= buildBackend();
  return backend;
}

function buildBackend(): Backend {
  const settings = readSettings();
  // firebase-functions may have made an app of its own, under another name.
  if (!getApps().some(({ name }) => name === '[DEFAULT]')) initializeApp();
  return createBackend({
    firestore: getFirestore(),
    settings,
    logger: firebaseLogger,
    taskQueue: createTaskQueue(WORKER_FUNCTION),
    stopping: whenStopping(async () => backend?.metrics.writeRest()),
  });
}

/** Starts an operation that nobody asked for, on record as those of operators. */
export function startOperation(asked: NewOperation): Promise<StartedOperation> {
  const { firestore, operations } = getBackend();
  const audited = buildAudited(firestore, firebaseLogger, auditSender(firebaseLogger));
  return startAudited({ operations, audited }, asked);
}

let api: Promise<Api> | undefined;

/** The HTTP API of this instance, loaded and built at its first call. */
export async function getApi(): Promise<Api> {
  api ??= openApi().catch((error: unknown) => {
    // What is missing may have come when the next one calls.
    api = undefined;
    throw error;
  });
  return api;
}

/** The answer to a request that the HTTP API could not be asked; it is logged whole. */
export async function failedRequest(error: unknown, correlationId: string): Promise<Response> {
  const stack = error instanceof Error ? error.stack : undefined;
  const about = { correlationId, error: messageOf(error), stack };
  firebaseLogger.write({ severity: 'ERROR', message: 'request failed', ...about });
  const { problemResponse } = await import('../api/index.ts');
  const answer = problemResponse({ code: 'internal', message: about.error }, correlationId);
  answer.headers.set('x-correlation-id', correlationId);
  return answer;
}

async function openApi(): Promise<Api> {
  const opened = getBackend();
  const rateLimit = await buildRateLimit(opened.firestore, readSettings().apiRatePerMinute);
  const sendAudit = auditSender(firebaseLogger);
  const logger = firebaseLogger;
  const surroundings = readSurroundings();
  const about = { surroundings, region: REGION, logger };
  return buildApi({ backend: opened, verifyToken, rateLimit, sendAudit, ...about });
}

/**
 * Writes an event and its jobs in one Firestore commit, or neither: alone, or in the caller's
 * transaction or batch. What it promises and what not: `docs/explanation/guarantees.md`.
 */
export const emitDomainEventWithOutbox: EmitDomainEvent<AnyEvent> = (
  ...parameters: Parameters<EmitDomainEvent<AnyEvent>>
) => getBackend().emit(...parameters);

/**
 * Writes up to 100 events, at most 5 MB together, and their jobs in one Firestore commit, all or none, and
 * answers for each in the order given. For events in a stream: `appendToStream`.
 */
export const emitBatch: EmitBatch<AnyEvent> = (...parameters: Parameters<EmitBatch<AnyEvent>>) =>
  getBackend().emitBatch(...parameters);
