// Runs beside the uploaded package: imports it as the platform does, and prints what that took.
// Node starts it with the path of the package's main file, in a process of its own.
import { createHook } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const network = new Set([
  'GETADDRINFOREQWRAP',
  'HTTPCLIENTREQUEST',
  'PIPECONNECTWRAP',
  'QUERYWRAP',
  'TCPCONNECTWRAP',
  'TCPWRAP',
  'TLSWRAP',
  'UDPWRAP',
]);
const started = [];

createHook({
  init(_asyncId, type) {
    if (network.has(type) || type === 'Timeout') started.push(`${type} ${new Error(type).stack}`);
  },
}).enable();

const exported = await import(pathToFileURL(process.argv[2]).href);
const names = Object.keys(exported).toSorted();
const deployed = names.filter((name) => exported[name].__endpoint !== undefined);

// No process.exit(): that the process ends by itself, after whatever it put off, is what is tried.
process.on('exit', () => {
  writeSync(process.stdout.fd, JSON.stringify({ names, deployed, started }));
});
