/** Something that is wrong with the archive, a file of it, or an event that it has. */
export interface ArchiveFinding {
  readonly kind: 'archive-damaged' | 'archive-differs' | 'archive-incomplete';
  /** The file. */
  readonly path?: string;
  /** The event. */
  readonly eventId?: string;
  readonly expected: string;
  readonly found: string;
  readonly whatToDo: string;
}

/** A file that is not as it was written, or not there. */
export function damagedFile(path: string, why: string): ArchiveFinding {
  return {
    kind: 'archive-damaged',
    path,
    expected: 'a file as it was written',
    found: why,
    whatToDo:
      'It was changed or lost: put it back from an older version that the bucket keeps, or from a copy.',
  };
}

/** An event of the log that says something else than the archive. */
export function differingEvent(eventId: string): ArchiveFinding {
  return {
    kind: 'archive-differs',
    eventId,
    expected: 'what the archive has of it',
    found: 'something else, left as it is',
    whatToDo:
      'One of the two was changed: verify both. Where it is the log’s, delete that event and restore its day again.',
  };
}

/** Events that left for the archive, and are neither there nor in the log. */
export function lostEvents(events: number): ArchiveFinding {
  return {
    kind: 'archive-incomplete',
    expected: `${events} more events in the archive`,
    found: 'no file that has them',
    whatToDo:
      'Files were lost: put them back from older versions that the bucket keeps, or from a copy, and restore them.',
  };
}
