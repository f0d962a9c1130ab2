import { CodedError } from '#kernel';

/** Events in one commit. */
const MAX_EVENTS = 100;
/** Their encoded size together; Firestore's own limit of a request is 10 MiB. */
const MAX_BYTES = 5 * 1024 * 1024;

/** What is left of one commit for events. */
export class CommitBudget {
  static readonly #budgets = new WeakMap<object, CommitBudget>();
  /** By event: a callback that is run again plans the same ones again and spends nothing more. */
  readonly #bytesByEvent = new Map<string, number>();
  #bytes = 0;

  /** The budget of a batch or of one run of a transaction. */
  static of(target: object): CommitBudget {
    const budget = CommitBudget.#budgets.get(target) ?? new CommitBudget();
    CommitBudget.#budgets.set(target, budget);
    return budget;
  }

  /** Throws `payload-too-large` for more events than any commit takes, before one is looked at. */
  static refuseMoreThanFit(events: number): void {
    if (events > MAX_EVENTS) throw tooMany();
  }

  /** Lets everything that writes into `target` share its budget. */
  static share(target: object, writer: object): void {
    CommitBudget.#budgets.set(writer, CommitBudget.of(target));
  }

  /** Whether something was spent for this event. */
  has(event: string): boolean {
    return this.#bytesByEvent.has(event);
  }

  /**
   * Throws `payload-too-large` before anything of the event is added.
   *
   * @param event its name in the commit, the same whenever it is planned.
   */
  spend(event: string, bytes: number): void {
    const spentBefore = this.#bytesByEvent.get(event);
    if (spentBefore === undefined && this.#bytesByEvent.size + 1 > MAX_EVENTS) {
      throw tooMany();
    }
    const together = this.#bytes - (spentBefore ?? 0) + bytes;
    if (together > MAX_BYTES) {
      const size = `${together} bytes, at most ${MAX_BYTES}`;
      throw new CodedError(
        'payload-too-large',
        `The events of one commit are too large (${size}).`,
      );
    }
    this.#bytesByEvent.set(event, bytes);
    this.#bytes = together;
  }
}

function tooMany(): CodedError {
  return new CodedError('payload-too-large', `One commit takes at most ${MAX_EVENTS} events.`);
}
