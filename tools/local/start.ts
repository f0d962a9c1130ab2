// npm start: the whole stack on this machine, with the scenario played once, until Ctrl-C.
import { demonstrate, startStackTicker } from './demonstrate.ts';
import { runSession, type Session } from './session.ts';
import { SCHEDULED_TICK_MS } from './settings.ts';

await runSession({ name: 'start', ports: 'wanted', run: keepRunning });

async function keepRunning(session: Session): Promise<number> {
  await demonstrate(session);
  const everyMs = session.options.tickEveryMs ?? SCHEDULED_TICK_MS;
  if (session.options.hasTick) startStackTicker(session, everyMs);
  session.say(describePlaces(session, everyMs));
  return new Promise<never>(() => undefined);
}

function describePlaces({ stack, options }: Session, everyMs: number): string {
  const { host, ports, projectId, logPath } = stack;
  const documents = `http://${host}:${String(ports.firestore)}/v1/projects/${projectId}/databases/(default)/documents`;
  const tick = options.hasTick ? `every ${String(everyMs / 1000)} s` : 'never (--no-tick)';
  return [
    '',
    `Page        http://${host}:${String(ports.hosting)}/example/  (two people, comments, notifications)`,
    `API         http://${host}:${String(ports.hosting)}/v1/openapi.json`,
    `Functions   http://${host}:${String(ports.functions)}/${projectId}/us-central1/<name>`,
    `Firestore   ${host}:${String(ports.firestore)}`,
    `Auth        ${host}:${String(ports.auth)}  (Ada, Ben and Cleo with the addresses above; password: demo-password)`,
    `Outbox      curl -H "Authorization: Bearer owner" "${documents}/outbox"`,
    `Tick        ${tick}; by hand: curl -X POST ${stack.functionUrl('outboxProcessor-0')}`,
    `Log         ${logPath}`,
    '',
    'Running until Ctrl-C.',
  ].join('\n');
}
