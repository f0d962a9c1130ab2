#!/usr/bin/env node
// outbox: the command line. `npm run outbox -- help`, or `outbox help` after `npm link`.
import { run } from './run.ts';
import { createSystemShell } from './system-shell.ts';

process.exitCode = await run(process.argv.slice(2), createSystemShell());
