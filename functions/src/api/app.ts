import type { Context } from 'hono';
import { Hono } from 'hono';
import { CodedError, hashParts, messageOf } from '#kernel';
import { admit, authenticate, authorize } from './admission.ts';
import type { RequestFacts } from './caller.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiDeps } from './ports.ts';
import { problemResponse, statusOf } from './problem.ts';
import { HttpError, readAddress, readBody } from './request-input.ts';
import type { Answer, Route } from './route.ts';
import { ROUTES } from './routes.ts';

/** The API as a function of requests: `fetch(request, facts)`. */
export type Api = Hono<{ Bindings: RequestFacts }>;
type ApiContext = Context<{ Bindings: RequestFacts }>;

/** Where the contract is, for whoever asks. */
const OPENAPI_PATH = '/v1/openapi.json';

/** Puts the API together; starts no I/O by itself. */
export function createApi(deps: ApiDeps): Api {
  const app: Api = new Hono();
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('x-correlation-id', context.env.correlationId);
    // What is shown depends on who asks.
    context.res.headers.set('cache-control', 'private, no-cache');
  });
  for (const route of ROUTES) {
    app.on(route.method, [route.path], (context) => serve(deps, route, context));
  }
  app.get(OPENAPI_PATH, (context) => context.json(openApiDocument()));
  for (const [path, methods] of methodsByPath()) {
    app.all(path, (context) => {
      const message = `Only ${methods} can be done here.`;
      const error = new HttpError('method-not-allowed', message, { allow: methods });
      return problemResponse(error, context.env.correlationId);
    });
  }
  app.notFound((context) => {
    const error = new HttpError('not-found', 'There is no such path. See /v1/openapi.json.');
    return problemResponse(error, context.env.correlationId);
  });
  app.onError((error, context) => refuse(deps, error, context));
  return app;
}

/** Checks who calls, how often, what they ask for, whether they may, and what they bring; then it is done. */
async function serve(deps: ApiDeps, route: Route, context: ApiContext): Promise<Response> {
  const { raw: request } = context.req;
  const caller = await authenticate(deps, request.headers);
  await admit(deps, caller.uid);
  const query = new URL(request.url).searchParams;
  const address = readAddress(route, context.req.param(), query);
  const place = await authorize(deps, route, caller, request.headers);
  const input = { ...address, ...(await readBody(route, request)) };
  const userAgent = request.headers.get('user-agent')?.slice(0, 500);
  const visit = { ...context.env, ...place, caller, userAgent };
  return respond(route, await route.handle(deps, visit, input), request.headers);
}

function respond(
  { hasEtag, mediaType }: Route,
  { status, body }: Answer,
  headers: Headers,
): Response {
  const text = mediaType === undefined ? JSON.stringify(body) : String(body);
  const answer = { 'content-type': contentTypeOf(mediaType) };
  if (hasEtag !== true) return new Response(text, { status, headers: answer });
  const etag = `"${hashParts(text).slice(0, 32)}"`;
  if (isKnown(etag, headers.get('if-none-match'))) {
    return new Response(null, { status: 304, headers: { etag } });
  }
  return new Response(text, { status, headers: { ...answer, etag } });
}

function contentTypeOf(mediaType: Route['mediaType']): string {
  return mediaType === undefined
    ? 'application/json'
    : `${mediaType}; version=0.0.4; charset=utf-8`;
}

/** By RFC 9110, 13.1.2: a list of tags, weak ones as good as others, or `*`. */
function isKnown(etag: string, ifNoneMatch: string | null): boolean {
  const known = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) || known.includes('*');
}

function methodsByPath(): ReadonlyMap<string, string> {
  const methods = new Map([[OPENAPI_PATH, 'GET']]);
  for (const { path, method } of ROUTES) {
    const others = methods.get(path);
    methods.set(path, others === undefined ? method : `${others}, ${method}`);
  }
  return methods;
}

/** What a caller may know: an expected error whole, a surprise only as such. */
function refuse({ logger }: ApiDeps, error: unknown, context: ApiContext): Response {
  const { correlationId } = context.env;
  const refusal =
    error instanceof CodedError || error instanceof HttpError
      ? error
      : new HttpError('internal', messageOf(error));
  const about = { method: context.req.method, path: context.req.path, correlationId };
  const isOurs = statusOf(refusal.code) === 500;
  logger.write({
    severity: isOurs ? 'ERROR' : 'INFO',
    message: isOurs ? 'request failed' : 'request refused',
    ...about,
    code: refusal.code,
    error: messageOf(error),
    ...(isOurs && error instanceof Error ? { stack: error.stack } : {}),
  });
  return problemResponse(refusal, correlationId);
}
