import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A call, as the stub understood it. */
export interface Call {
  readonly operationId: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

/** What each operation of the contract answers. */
export type Replies = Readonly<Record<string, (call: Call) => Reply>>;

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, object>> }>
  >;
}

const file = new URL('../../docs/reference/openapi.json', import.meta.url);
const contract = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const ajv = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: true });
ajv.addSchema({ $id: 'openapi', ...contract });

/**
 * The API, made of its OpenAPI document: what is asked and what is answered are held to it, so that a test's
 * answers cannot be ones that the API never gives. `lies` has what does not fit.
 */
export class StubApi {
  readonly calls: Call[] = [];
  readonly lies: string[] = [];
  readonly #replies: Replies;

  constructor(replies: Replies) {
    this.#replies = replies;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const found = findOperation(request.method, url.pathname.replace(/^.*?(?=\/v1\/)/, ''));
    if (found === undefined) return this.#lie(`There is no ${request.method} ${url.pathname}.`);
    const { operation, pointer, path } = found;
    const text = await request.text();
    const call: Call = {
      operationId: operation.operationId,
      path,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.calls.push(call);
    this.lies.push(...problemsOfCall(operation, pointer, call));
    const reply = this.#replies[operation.operationId]?.(call);
    if (reply === undefined) return this.#lie(`Nothing is said of ${operation.operationId}.`);
    const { status = 200, body } = reply;
    const type = Object.keys(operation.responses[status]?.content ?? {})[0];
    if (type === undefined) return this.#lie(`${operation.operationId} never answers ${status}.`);
    const steps = [...pointer, 'responses', String(status), 'content', type, 'schema'];
    this.lies.push(...problemsIn(steps, body, operation.operationId));
    return Response.json(body, { status, headers: { 'content-type': type } });
  };

  #lie(text: string): Response {
    this.lies.push(text);
    return new Response(text, { status: 500 });
  }
}

/** As the API refuses. */
export function problem(status: number, code: string, detail: string, path?: string): Reply {
  const problems = path === undefined ? [] : [{ path, message: 'is not right' }];
  const type = `urn:firestore-outbox:problem:${code}`;
  return {
    status,
    body: { type, title: 'It is refused', status, code, detail, requestId: 'req-1', problems },
  };
}

function problemsOfCall(operation: Operation, pointer: readonly string[], call: Call): string[] {
  const { operationId, parameters, requestBody } = operation;
  const known = new Map(
    parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]),
  );
  const queries = Object.entries(call.query).flatMap(([name, value]) => {
    const parameter = known.get(`query ${name}`);
    if (parameter === undefined) return [`${operationId} knows no ${name}`];
    const fits: unknown = ajv.compile(parameter.schema)(value);
    return fits === true ? [] : [`${operationId} takes no ${name}=${value}`];
  });
  if (requestBody === undefined) return queries;
  const steps = [...pointer, 'requestBody', 'content', 'application/json', 'schema'];
  return [
    ...queries,
    ...problemsIn(steps, structuredClone(call.body), `the body of ${operationId}`),
  ];
}

function problemsIn(steps: readonly string[], value: unknown, what: string): string[] {
  const ref = `openapi#${steps.map(escape).join('')}`;
  const validate = ajv.getSchema(ref) ?? ajv.compile({ $ref: ref });
  return validate(value) === true ? [] : [`${what}: ${ajv.errorsText(validate.errors)}`];
}

function findOperation(method: string, pathname: string) {
  for (const [template, item] of Object.entries(contract.paths)) {
    const names = template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${names}$`).exec(pathname);
    const operation = item[method.toLowerCase()];
    if (match === null || operation === undefined) continue;
    const found = Object.entries(match.groups ?? {});
    const path = Object.fromEntries(
      found.map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    return { operation, pointer: ['paths', template, method.toLowerCase()], path };
  }
  return undefined;
}

function escape(step: string): string {
  return `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}
