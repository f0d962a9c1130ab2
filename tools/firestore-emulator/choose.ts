/** What this machine has to offer for running Firestore locally. */
export interface Offers {
  /** hidane on PATH. */
  readonly hidaneOnPath?: string | undefined;
  /** hidane that an earlier run installed into .tools/. */
  readonly hidaneInTools?: string | undefined;
  readonly javaMajor?: number | undefined;
  readonly hasCargo: boolean;
}

export type Choice =
  | { readonly kind: 'hidane'; readonly path: string }
  | { readonly kind: 'official' }
  | { readonly kind: 'install-hidane' }
  | { readonly kind: 'none'; readonly message: string };

/** firebase-tools 15 refuses to start its Firestore emulator on an older Java. */
const OLDEST_JAVA = 21;
export const HIDANE_VERSION = '0.6.0';

/** The first way that costs the user nothing more; a build from source only when nothing else is there. */
export function chooseEmulator(offers: Offers): Choice {
  const path = offers.hidaneOnPath ?? offers.hidaneInTools;
  if (path !== undefined) return { kind: 'hidane', path };
  if ((offers.javaMajor ?? 0) >= OLDEST_JAVA) return { kind: 'official' };
  if (offers.hasCargo) return { kind: 'install-hidane' };
  return { kind: 'none', message: explainWays(offers.javaMajor) };
}

function explainWays(javaMajor: number | undefined): string {
  const java = javaMajor === undefined ? 'no Java' : `Java ${javaMajor}, which is too old`;
  return [
    `There is no Firestore emulator here (no hidane, ${java}, no Rust). Any one of these will do:`,
    `  - hidane ${HIDANE_VERSION}: https://hidane.dev (one binary on PATH)`,
    `  - Java ${OLDEST_JAVA} or newer: https://adoptium.net (firebase-tools then downloads its own emulator)`,
    '  - Rust: https://rustup.rs (hidane is then built by cargo, two minutes or more)',
    'Then run the command again.',
  ].join('\n');
}

/** The major version in what `java -version` prints: `version "21.0.1"`, and `"1.8.0"` for Java 8. */
export function parseJavaMajor(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
