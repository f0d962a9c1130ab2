import { messageOf } from '#kernel';
import { RE2JS } from 're2js';

/** As long as a pattern may be; what it may cost is counted besides. */
const MAX_LENGTH = 500;

/** A pattern of a schema, run by an engine whose time is linear in the text, whatever the pattern. */
export interface Pattern {
  /** How many steps a character may take, at most. */
  readonly steps: number;
  readonly test: (text: string) => boolean;
}

/**
 * Reads a pattern that is one in ECMAScript (with the `u` flag, as JSON Schema has it) and in RE2, which runs it;
 * answers why not, where it is no such thing.
 */
export function readPattern(source: string): Pattern | { readonly refused: string } {
  if (source.length > MAX_LENGTH) return { refused: `at most ${MAX_LENGTH} characters` };
  try {
    // RE2 has words of its own that are errors, or others, wherever else the schema is read.
    void new RegExp(source, 'u');
  } catch (error) {
    return { refused: `not a regular expression of ECMAScript (${messageOf(error)})` };
  }
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    return { steps: compiled.programSize(), test: (text) => compiled.test(text) };
  } catch (error) {
    const message = `not one of RE2, which has no lookaround, back references or counts over 1000`;
    return { refused: `${message} (${messageOf(error)})` };
  }
}

const ESCAPES = /\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|.)/gis;
const SURROGATE = /^\\u\{?0*d[89a-f][0-9a-f]{2}\}?$/i;
const CLASSES = /\[[^\]]*\]/g;
const MANY_LINES = /\(\?[a-z]*m/;

/** Why a pattern that can be read is not taken: it means something else to RE2 than in ECMAScript. */
export function ambiguityIn(source: string): string | undefined {
  const escapes = source.match(ESCAPES) ?? [];
  if (escapes.some((escape) => SURROGATE.test(escape))) {
    return 'half a character: say the whole one, as \\u{1F600}';
  }
  const bare = source.replaceAll(ESCAPES, '').replaceAll(CLASSES, '');
  return MANY_LINES.test(bare)
    ? 'the modifier m, for which lines end differently in RE2'
    : undefined;
}
