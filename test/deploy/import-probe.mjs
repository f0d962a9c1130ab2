// Runs beside the uploaded package: imports it as the platform does, and prints what that took.
// Node starts it with the path of the package's main file, in a process of its own.
import { createHook } from 'node:async_hooks';
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
const notDeployed = names.filter((name) => exported[name].__endpoint === undefined);
process.stdout.write(JSON.stringify({ names, notDeployed, started }));
// No process.exit(): that the process ends by itself is what is tried.
