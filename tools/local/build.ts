import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';

/** Compiles the functions, as a deploy would. */
export async function buildFunctions(functionsDir: string): Promise<void> {
  const [command, ...args] = findNpm();
  const child = spawn(command, [...args, '--prefix', functionsDir, 'run', 'build'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Node refuses to start .cmd files without a shell.
    shell: command.endsWith('.cmd'),
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  throw new Error(`The functions do not compile:\n${(await output).join('').trim()}`);
}

function findNpm(): [string, ...string[]] {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('npm-cli.js') === true) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}
