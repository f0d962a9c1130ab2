/** `error`: something does not work. `warning`: it will not, or costs more than it must. */
export const SEVERITIES = ['error', 'warning'] as const;

/** Something that is wrong with a deployment. */
export interface Finding {
  /** Stable over releases, in kebab-case. */
  readonly code: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly what: string;
  /** The setting, the index, the job: what somebody has to look for. */
  readonly where: string;
  readonly whatToDo: string;
}

/** That a look could not be made, why, and what would make it possible. */
export interface Unseen {
  readonly kind: 'unseen';
  readonly why: string;
  readonly whatToDo: string;
}

/** Facts, or why there are none. */
export type Seen<T> = { readonly kind: 'seen'; readonly facts: T } | Unseen;

/** One thing that the doctor looks at. */
export interface Look {
  readonly name: string;
  /** Gathers the facts and judges them; `signal` is aborted when nobody waits any more. */
  readonly make: (signal: AbortSignal) => Promise<readonly Finding[] | Unseen>;
}

/** A look whose facts are gathered first and judged by a pure function then. */
export function defineLook<T>(look: {
  readonly name: string;
  readonly gather: (signal: AbortSignal) => Promise<Seen<T>>;
  readonly judge: (facts: T) => readonly Finding[];
}): Look {
  return {
    name: look.name,
    make: async (signal) => {
      const seen = await look.gather(signal);
      return seen.kind === 'seen' ? look.judge(seen.facts) : seen;
    },
  };
}
