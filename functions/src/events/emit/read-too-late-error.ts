/** The transaction wants its reads before its writes, and it has written. */
export class ReadTooLateError extends Error {
  override readonly name = 'ReadTooLateError';
}
