// A process of its own, as an instance of a function is one: does what its parent asks, one task after
// the other, and ends with it.
import type { Answer, Question } from './tasks.ts';
import { tasks } from './tasks.ts';

async function answer({ task, input }: Question): Promise<Answer> {
  try {
    const run = tasks[task] as (...parameters: readonly unknown[]) => Promise<unknown>;
    return { result: await run(...input) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (question: Question) => {
  answer(question).then(
    (said) => process.send?.(said),
    () => process.exit(1),
  );
});
// Ctrl-C reaches every process of a terminal; it is the parent's to end this one.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
