type Json = Readonly<Record<string, unknown>>;

interface Asked {
  readonly url: string;
  readonly body: Json;
  readonly authorization: string | null;
}

export interface StubAuth {
  readonly fetch: (request: Request) => Promise<Response>;
  /** What Firebase Auth was asked. */
  readonly asked: readonly Asked[];
  /** What the API was sent for a token; it answers with no job. */
  readonly tokens: readonly string[];
}

const HOUR_S = 3600;
const startS = Date.parse('2030-01-01T00:00:00Z') / 1000;

/** Firebase Auth, as much of it as signing in needs: users by e-mail, with their passwords. */
export function stubAuth(users: Map<string, string>): StubAuth {
  const asked: Asked[] = [];
  const tokens: string[] = [];
  const state = { isOperator: false, now: startS };
  return {
    asked,
    tokens,
    fetch: async (request) => {
      const { pathname, origin } = new URL(request.url);
      const authorization = request.headers.get('authorization');
      if (pathname.includes('/v1/ops/')) {
        tokens.push(authorization ?? '');
        return Response.json({ jobs: [], malformed: [] });
      }
      const body = (await request.json()) as Json;
      asked.push({ url: origin + pathname, body, authorization });
      const verb = /[:/](\w+)$/.exec(pathname)?.[1] ?? '';
      return answer(verb, body, users, state);
    },
  };
}

function answer(
  verb: string,
  body: Json,
  users: Map<string, string>,
  state: { isOperator: boolean; readonly now: number },
): Response {
  switch (verb) {
    case 'token': {
      if (body['refresh_token'] !== 'refresh-1') return refuse('INVALID_REFRESH_TOKEN');
      return Response.json({ id_token: tokenOf(state), refresh_token: 'refresh-1' });
    }
    case 'lookup': {
      return Response.json({ users: [{ customAttributes: '{"producer":{"orgs":["o"]}}' }] });
    }
    case 'update': {
      state.isOperator = true;
      return Response.json({});
    }
    case 'signUp': {
      if (users.has(String(body['email']))) return refuse('EMAIL_EXISTS');
      users.set(String(body['email']), String(body['password']));
      return Response.json({ idToken: tokenOf(state), refreshToken: 'refresh-1' });
    }
    default: {
      const password = users.get(String(body['email']));
      if (password !== body['password']) return refuse('INVALID_LOGIN_CREDENTIALS');
      return Response.json({ idToken: tokenOf(state), refreshToken: 'refresh-1' });
    }
  }
}

function refuse(message: string): Response {
  return Response.json({ error: { message } }, { status: 400 });
}

function tokenOf({
  isOperator,
  now,
}: {
  readonly isOperator: boolean;
  readonly now: number;
}): string {
  const claims = { aud: 'demo-outbox', user_id: 'u1', operator: isOperator, exp: now + HOUR_S };
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}
