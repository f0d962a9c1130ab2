import { styleText } from 'node:util';
import type { Shell } from '../shell.ts';
import { cleanLines } from './text.ts';

export type Style = 'red' | 'yellow' | 'green' | 'dim' | 'bold';

/** Where a command puts what it has to say. */
export interface Output {
  readonly isJson: boolean;
  /** The answer: a document for scripts, or what `draw` makes of it for people. */
  readonly show: (document: unknown, draw: () => string) => void;
  /** The same, one of many: a line of its own for scripts. */
  readonly showNext: (document: unknown, draw: () => string) => void;
  /** For people, whoever reads the answer. */
  readonly note: (text: string) => void;
  /** Of the answer; plain where nobody sees colours. */
  readonly paint: (style: Style, text: string) => string;
  readonly width: number | undefined;
}

export function createOutput(shell: Shell, isJson: boolean): Output {
  const hasColor = wantsColor(shell);
  const write = (document: unknown, draw: () => string, indent: number): void => {
    shell.out.write(`${isJson ? JSON.stringify(document, null, indent) : draw()}\n`);
  };
  return {
    isJson,
    show: (document, draw) => write(document, draw, 2),
    showNext: (document, draw) => write(document, draw, 0),
    note: (text) => shell.err.write(`${cleanLines(text)}\n`),
    paint: (style, text) => (hasColor ? styleText(style, text, { validateStream: false }) : text),
    width: shell.out.width,
  };
}

/** As https://no-color.org has it. */
function wantsColor({ out, env }: Shell): boolean {
  const no = env['NO_COLOR'];
  return out.isTerminal && (no === undefined || no === '') && env['TERM'] !== 'dumb';
}
