import { CodedError } from '#kernel';

/** Events in one commit. */
const MAX_EVENTS = 100;
/** Their encoded size together; Firestore's own limit of a request is 10 MiB. */
const MAX_BYTES = 5 * 1024 * 1024;

/** What is left of one commit for events. */
export class CommitBudget {
  static readonly #budgets = new WeakMap<object, CommitBudget>();
  #events = 0;
  #bytes = 0;

  /** The budget of a batch or of one run of a transaction. */
  static of(target: object): CommitBudget {
    const budget = CommitBudget.#budgets.get(target) ?? new CommitBudget();
    CommitBudget.#budgets.set(target, budget);
    return budget;
  }

  /** How many events were added so far. */
  get events(): number {
    return this.#events;
  }

  /** Throws `payload-too-large` before anything of the event is added. */
  spend(bytes: number): void {
    if (this.#events + 1 > MAX_EVENTS) {
      throw new CodedError('payload-too-large', `One commit takes at most ${MAX_EVENTS} events.`);
    }
    if (this.#bytes + bytes > MAX_BYTES) {
      const size = `${this.#bytes + bytes} bytes, at most ${MAX_BYTES}`;
      throw new CodedError('payload-too-large', `The events of one commit are too large (${size}).`);
    }
    this.#events += 1;
    this.#bytes += bytes;
  }
}
