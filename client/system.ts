/** What the client needs of the machine it runs on. */
export interface System {
  readonly newKey: () => string;
  readonly wait: (ms: number) => Promise<void>;
}

/** The browser's own, or Node's. */
export const system: System = {
  newKey: () => crypto.randomUUID(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
