import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from '../openapi.ts';

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, object>> }>
  >;
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
  answer: { readonly status: number; readonly type: string | null; readonly body: unknown },
): string[] {
  const found = operationOf(method, path);
  if (found === undefined) {
    if (answer.status !== 404 && answer.status !== 405) return ['no path'];
    return problemsIn('openapi#/components/schemas/Problem', answer.body);
  }
  const { operation, pointer } = found;
  const response = operation.responses[String(answer.status)];
  if (response === undefined) return [`${operation.operationId} never answers ${answer.status}`];
  if (response.content === undefined) return answer.body === undefined ? [] : ['a body'];
  const [type = ''] = Object.keys(response.content);
  if (answer.type?.split(';', 1)[0] !== type) return [`${String(answer.type)} instead of ${type}`];
  const place = ['responses', String(answer.status), 'content', type, 'schema'];
  return problemsIn(`openapi#${[...pointer, ...place].map(escape).join('')}`, answer.body);
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
