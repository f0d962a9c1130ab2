/** Where in a file lines go on: behind so many bytes, with this line, counted from 1. */
export interface FilePlace {
  readonly offset: number;
  readonly line: number;
}

/** A line of a file, without its end. */
export interface FileLine {
  readonly line: number;
  readonly bytes: Uint8Array;
  /** Where the line behind it begins. */
  readonly next: FilePlace;
}

/** The beginning of a file. */
export const FILE_START: FilePlace = { offset: 0, line: 1 };

const LINE_END = 0x0a;

/** The next lines of a file, `limit` at most; the last needs no end. */
export function linesFrom(
  file: Uint8Array,
  { offset, line }: FilePlace,
  limit: number,
): FileLine[] {
  const lines: FileLine[] = [];
  let at = offset;
  while (lines.length < limit && at < file.length) {
    const found = file.indexOf(LINE_END, at);
    const end = found === -1 ? file.length : found;
    const next = { offset: end + 1, line: line + lines.length + 1 };
    lines.push({ line: next.line - 1, bytes: file.subarray(at, end), next });
    at = end + 1;
  }
  return lines;
}

/** How many lines it has. */
export function countLines(file: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < file.length; count += 1) {
    const end = file.indexOf(LINE_END, at);
    at = end === -1 ? file.length : end + 1;
  }
  return count;
}
