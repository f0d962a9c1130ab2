import { appendFileSync, readFileSync } from 'node:fs';

/** One run of a handler began, which for an external job is its delivery; or it ended. */
export interface RunLine {
  readonly kind: 'began' | 'ended';
  readonly worker: string;
  readonly jobId: string;
  readonly runId: string;
  readonly runs: number;
}

/** A worker process was gone. */
export interface DeathLine {
  readonly kind: 'died';
  readonly worker: string;
  /** Whether the test killed it, or it ended for a reason of its own. */
  readonly by: 'test' | 'itself';
  readonly how: string;
}

export type JournalLine = RunLine | DeathLine;

/**
 * What really happened, on disk, where no SIGKILL undoes it. All processes append to one file, a line in
 * one write each, so its order is the order in which things happened: no clock is compared with another.
 */
export class Journal {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  write(line: JournalLine): void {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }

  read(): JournalLine[] {
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as JournalLine);
  }
}
