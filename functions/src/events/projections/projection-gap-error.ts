import { CodedError } from '#kernel';

/** A read model's document cannot come to an event's version: events between are out of reach. */
export class ProjectionGapError extends CodedError {
  constructor(projection: string, { from, to }: { readonly from: number; readonly to: number }) {
    const message =
      `${projection} is at version ${from} of the entity and cannot get to version ${to}: ` +
      'events between are not in the log.';
    super('projection-gap', message);
  }
}
