/** A number that may be said, and between which it has to be. */
export interface Range {
  readonly flag: string;
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
}

/** A number as it was said, or what is wrong with it. */
export type NumberRead =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'wrong'; readonly flag: string; readonly message: string };

/** Digits, with or without commas that set thousands apart; no hexadecimal, no exponent, no decimal comma. */
const DECIMAL = /^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;

/** Reads a decimal number. */
export function readNumber(text: string, range: Range): NumberRead {
  const { flag, least, most, isWhole = false } = range;
  const trimmed = text.trim();
  const number = DECIMAL.test(trimmed) ? Number(trimmed.replaceAll(',', '')) : Number.NaN;
  if (number >= least && number <= most && (!isWhole || Number.isInteger(number))) {
    return { kind: 'number', number };
  }
  const between = `${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
  return {
    kind: 'wrong',
    flag,
    message: `expected a ${isWhole ? 'whole ' : ''}number from ${between}`,
  };
}
