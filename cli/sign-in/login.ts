import type { Context } from '../context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { Failure, usage } from '../failure.ts';
import { isLocal } from './address.ts';
import type { AuthServer, SignedIn } from './auth-server.ts';
import { AuthRefusal, makeOperator, readClaims, signIn } from './auth-server.ts';
import { credentialsPath, saveCredential } from './credentials.ts';

export interface LoginOptions {
  readonly email?: string;
  readonly apiKey?: string;
  readonly emulator?: string | true;
}

const EMULATOR = '127.0.0.1:9099';
const LOCAL_OPERATOR = { email: 'operator@example.test', password: 'demo-password' };

/** Signs in and keeps the refresh token; what it is, is never shown. */
export async function login(context: Context, options: LoginOptions): Promise<ExitCode> {
  const { shell, url, output } = context;
  const { server, email, signedIn } = await (options.emulator !== undefined
    ? loginAtEmulator(context, options)
    : loginAtProject(context, options));
  const isOperator = readClaims(signedIn.idToken)['operator'] === true;
  saveCredential(shell.env, url, { ...server, email, refreshToken: signedIn.refreshToken });
  output.show({ url, email, operator: isOperator }, () => `Signed in at ${url} as ${email}.`);
  output.note(
    `What keeps you signed in is in ${credentialsPath(shell.env)}; delete it to sign out.`,
  );
  if (!isOperator) output.note('This user is no operator: most commands will be refused.');
  return EXIT_CODES.ok;
}

interface Login {
  readonly server: AuthServer;
  readonly email: string;
  readonly signedIn: SignedIn;
}

/** Whoever it is, is made an operator: at the emulator everybody may. */
async function loginAtEmulator({ shell, url }: Context, options: LoginOptions): Promise<Login> {
  if (!isLocal(new URL(url))) throw usage('--emulator is for an API on this machine.');
  const emulator =
    options.emulator === undefined || options.emulator === true ? EMULATOR : options.emulator;
  if (!/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(emulator)) {
    throw usage(`${emulator} is no emulator of this machine.`, `Write it like ${EMULATOR}.`);
  }
  const server = { apiKey: 'demo', emulator };
  const who = {
    ...LOCAL_OPERATOR,
    ...(options.email === undefined ? {} : { email: options.email }),
  };
  const first = await signIn(shell, server, who, 'signUp').catch((error: unknown) => {
    if (error instanceof AuthRefusal && error.message.startsWith('EMAIL_EXISTS')) {
      return signIn(shell, server, who).catch(refuse);
    }
    return refuse(error);
  });
  await makeOperator(shell, server, first.idToken);
  return { server, email: who.email, signedIn: await signIn(shell, server, who) };
}

async function loginAtProject({ shell, url }: Context, options: LoginOptions): Promise<Login> {
  if (isLocal(new URL(url))) {
    throw usage(`${url} is on this machine: outbox login --emulator.`);
  }
  const apiKey = options.apiKey ?? shell.env['OUTBOX_API_KEY'];
  if (apiKey === undefined || apiKey === '') {
    const hint = 'It is in the settings of the Firebase project.';
    throw usage('Say the web API key of the project: --api-key, or OUTBOX_API_KEY.', hint);
  }
  const email = options.email ?? (await ask(shell, 'E-mail: ', '--email'));
  const password =
    shell.env['OUTBOX_PASSWORD'] ?? (await ask(shell, 'Password: ', 'OUTBOX_PASSWORD', true));
  const server = { apiKey };
  return {
    server,
    email,
    signedIn: await signIn(shell, server, { email, password }).catch(refuse),
  };
}

async function ask(
  shell: Context['shell'],
  question: string,
  instead: string,
  isSecret = false,
): Promise<string> {
  if (!shell.canAsk) throw usage(`Nobody is there to be asked: say ${instead}.`);
  return (await shell.ask(question, isSecret)).trim();
}

function refuse(error: unknown): never {
  if (!(error instanceof AuthRefusal)) throw error;
  throw new Failure(EXIT_CODES.notAllowed, `Firebase Auth refuses: ${error.message}.`, undefined, {
    cause: error,
  });
}
