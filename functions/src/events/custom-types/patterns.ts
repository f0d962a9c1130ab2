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
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    return { steps: compiled.programSize(), test: (text) => compiled.test(text) };
  } catch (error) {
    return {
      refused: `not a regular expression without lookaround and back references (${messageOf(error)})`,
    };
  }
}
