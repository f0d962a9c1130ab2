import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from '../openapi.ts';

interface DocumentedAnswer {
  readonly headers: object;
  readonly content?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

const document = openApiDocument() as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', ...document });

/** What an answer has that the contract does not know; empty where it is all documented. */
export function undocumentedIn(
  method: string,
  path: string,
  answer: { readonly status: number; readonly headers: Headers; readonly body: unknown },
): string[] {
  const found = operationOf(method, path);
  if (found === undefined) {
    if (answer.status !== 404 && answer.status !== 405) return ['no path'];
    return problemsIn('openapi#/components/schemas/Problem', answer.body);
  }
  const { operation, pointer } = found;
  const response = operation.responses[String(answer.status)];
  if (response === undefined) return [`${operation.operationId} never answers ${answer.status}`];
  return [
    ...undocumentedHeaders(Object.keys(response.headers), answer.headers),
    ...undocumentedBody(response, answer, [...pointer, 'responses', String(answer.status)]),
  ];
}

function undocumentedBody(
  { content }: DocumentedAnswer,
  { headers, body }: { readonly headers: Headers; readonly body: unknown },
  pointer: readonly string[],
): string[] {
  if (content === undefined) return body === undefined ? [] : ['a body'];
  const [type = ''] = Object.keys(content);
  const answered = headers.get('content-type');
  if (answered?.split(';', 1)[0] !== type) return [`${String(answered)} instead of ${type}`];
  const place = [...pointer, 'content', type, 'schema'].map(escape);
  return problemsIn(`openapi#${place.join('')}`, body);
}

/** Those that every answer may have, and the contract says nothing of. */
const GENERAL = new Set(['content-type', 'cache-control']);

function undocumentedHeaders(documented: readonly string[], headers: Headers): string[] {
  const names = documented.map((name) => name.toLowerCase());
  const missing = names.filter((name) => !headers.has(name)).map((name) => `no ${name}`);
  const others = [...headers.keys()].filter((name) => !GENERAL.has(name) && !names.includes(name));
  return [...missing, ...others];
}

function problemsIn(ref: string, body: unknown): string[] {
  const validate = ajv.getSchema(ref) ?? ajv.compile({ $ref: ref });
  return validate(body) === true ? [] : [ajv.errorsText(validate.errors)];
}

function operationOf(method: string, path: string) {
  const [pathname = ''] = path.split('?', 1);
  for (const [template, item] of Object.entries(document.paths)) {
    const pattern = new RegExp(
      `^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`,
    );
    const operation = item[method.toLowerCase()];
    if (pattern.test(pathname) && operation !== undefined) {
      return { operation, pointer: ['paths', template, method.toLowerCase()] };
    }
  }
  return undefined;
}

function escape(step: string): string {
  return `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}
