// npm run demo: plays the scenario against a stack of its own; exits 0 when everything came of it that should.
import { demonstrate } from './demonstrate.ts';
import { runSession } from './session.ts';

await runSession({
  name: 'demo',
  ports: 'free',
  run: async (session) => ((await demonstrate(session)) ? 0 : 1),
});
