import type { Clock, Logger } from '#kernel';
import { messageOf, SECOND_MS } from '#kernel';
import type { Finding, Look, Unseen } from './finding.ts';

/** A look, and whether it could be made. */
export interface LookMade {
  readonly name: string;
  readonly looked: boolean;
  /** Why it could not, and what would make it possible. */
  readonly why?: string;
  readonly whatToDo?: string;
}

/** What the doctor says. */
export interface Diagnosis {
  /**
   * `well`: every look was made and nothing was found. `incomplete`: nothing was found, but not everything
   * was looked at. `findings`: there are some, whatever else.
   */
  readonly verdict: 'well' | 'incomplete' | 'findings';
  readonly findings: readonly Finding[];
  readonly looks: readonly LookMade[];
}

/** Looks at everything once. Never throws: what cannot be looked at is part of the answer. */
export type Doctor = () => Promise<Diagnosis>;

/** Makes all looks side by side; one without an end after `deadlineMs` was not made. */
export function createDoctor(deps: {
  readonly looks: readonly Look[];
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): Doctor {
  return async () => {
    const ends = await Promise.all(deps.looks.map((look) => makeInTime(look, deps)));
    const findings = ends.flatMap((end) => ('kind' in end ? [] : end));
    const looks = deps.looks.map(({ name }, index) => describe(name, ends[index]));
    const isComplete = looks.every(({ looked }) => looked);
    const verdict = findings.length > 0 ? 'findings' : isComplete ? 'well' : 'incomplete';
    return { verdict, findings: findings.toSorted(bySeverity), looks };
  };
}

async function makeInTime(
  look: Look,
  { deadlineMs, clock, logger }: Parameters<typeof createDoctor>[0],
): Promise<readonly Finding[] | Unseen> {
  const late = new AbortController();
  const ended = new AbortController();
  const made = look.make(late.signal).catch((error: unknown): Unseen => {
    const about = { look: look.name, error: messageOf(error) };
    if (!late.signal.aborted) {
      logger.write({ severity: 'WARNING', message: 'doctor could not look', ...about });
    }
    const whatToDo = 'See the log of this call for the error; then ask again.';
    return { kind: 'unseen', why: 'The look failed.', whatToDo };
  });
  const tooLate = clock.wait(deadlineMs, ended.signal).then((): Unseen => {
    const why = `There was no answer within ${deadlineMs / SECOND_MS} s.`;
    return { kind: 'unseen', why, whatToDo: 'Ask again.' };
  });
  const end = await Promise.race([made, tooLate]);
  late.abort();
  ended.abort();
  return end;
}

function describe(name: string, end: readonly Finding[] | Unseen | undefined): LookMade {
  if (end === undefined || !('kind' in end)) return { name, looked: true };
  return { name, looked: false, why: end.why, whatToDo: end.whatToDo };
}

function bySeverity(a: Finding, b: Finding): number {
  return Number(a.severity === 'warning') - Number(b.severity === 'warning');
}
