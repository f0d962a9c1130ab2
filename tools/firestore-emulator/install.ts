// Sees to it that there is a Firestore emulator; silent when there is one already.
import { spawnSync } from 'node:child_process';
import { ROOT_DIR } from '../paths.ts';
import { HIDANE_VERSION } from './choose.ts';
import { findEmulator } from './find.ts';

function buildHidane(): void {
  console.log(
    `Building the Firestore emulator (hidane ${HIDANE_VERSION}) with cargo: two minutes or more, once …`,
  );
  const startedAt = performance.now();
  const args = ['install', 'hidane', '--version', HIDANE_VERSION, '--locked', '--root', '.tools'];
  const result = spawnSync('cargo', args, { cwd: ROOT_DIR, encoding: 'utf8' });
  if (result.status !== 0) {
    console.error(result.error?.message ?? result.stderr);
    throw new Error(
      `cargo could not build hidane (its output is above). It needs Rust 1.88 or newer: rustup update.\n` +
        'Or install Java 21, and run the command again.',
    );
  }
  console.log(
    `Installed the Firestore emulator in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
}

try {
  const choice = findEmulator();
  if (choice.kind === 'none') throw new Error(choice.message);
  if (choice.kind === 'install-hidane') buildHidane();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
