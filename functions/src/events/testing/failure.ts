import { CodedError } from '#kernel';

/** The coded error that `act` ends with; fails where it ends otherwise. */
export async function codedErrorOf(act: () => unknown): Promise<CodedError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** The paths a refusal names. */
export async function pathsOf(act: () => unknown): Promise<string[]> {
  return (await codedErrorOf(act)).problems.map(({ path }) => path);
}
