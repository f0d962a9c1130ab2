/** A time as Firestore's client gives it back; unit tests need no client for it. */
export class StoredTime {
  readonly seconds: number;
  readonly nanoseconds: number;

  constructor(seconds: number, nanoseconds: number) {
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  static of(date: Date): StoredTime {
    const seconds = Math.floor(date.getTime() / 1_000);
    return new StoredTime(seconds, (date.getTime() - seconds * 1_000) * 1_000_000);
  }

  toMillis(): number {
    return this.seconds * 1_000 + Math.floor(this.nanoseconds / 1_000_000);
  }

  toDate(): Date {
    return new Date(this.toMillis());
  }
}
