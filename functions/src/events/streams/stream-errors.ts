import { CodedError } from '#kernel';

/**
 * A stream is not what was written: an event is missing, is none, or does not follow from the one
 * before. Nothing this backend does leaves one so.
 */
export class StreamBrokenError extends CodedError {
  /** The first version that is wrong. */
  readonly version: number;

  constructor(version: number, why: string) {
    super(
      'stream-broken',
      `The entity’s events cannot be read from version ${version} on: ${why}.`,
    );
    this.version = version;
  }
}

/** What was asked for begins with events that have left for the archive. */
export class StreamArchivedError extends CodedError {
  /** The last version that is in the archive; from the next one on the stream can be read. */
  readonly archivedThrough: number;

  constructor(archivedThrough: number) {
    super('archived', `The entity’s events up to version ${archivedThrough} are in the archive.`);
    this.archivedThrough = archivedThrough;
  }
}
