/** One of the two places that text goes to. */
export interface Stream {
  readonly write: (text: string) => unknown;
  readonly isTerminal: boolean;
  /** Characters in a line; undefined where nobody looks at it. */
  readonly width: number | undefined;
}

/** Everything outside the program that it touches, so that tests can be all of it. */
export interface Shell {
  /** Data, and nothing else. */
  readonly out: Stream;
  /** Everything that is said about it. */
  readonly err: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody is there to answer. */
  readonly canAsk: boolean;
  /** A line that somebody types; with `isSecret` it is not shown. */
  readonly ask: (question: string, isSecret?: boolean) => Promise<string>;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => number;
  readonly newKey: () => string;
  /** Ends early, without an error, when `interrupted` is. */
  readonly wait: (ms: number) => Promise<void>;
  /** Ctrl-C. */
  readonly interrupted: AbortSignal;
}
