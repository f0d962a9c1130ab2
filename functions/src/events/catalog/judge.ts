import type { z } from 'zod';
import type { Problem } from '#kernel';
import { messageOf, problemsOf } from '#kernel';

/** What a schema makes of a payload. */
export type Judgement =
  | { readonly success: true; readonly data: unknown }
  | {
      readonly success: false;
      /** By their paths, from `payload`. */
      readonly problems: readonly Problem[];
      /** Whether all that is wrong is fields which the schema does not know. */
      readonly isMoreThanKnown: boolean;
      /** What a check of the schema threw: that is no answer, and the checks' own mistake. */
      readonly cause?: unknown;
    };

/** Never throws: a check of a schema that does is a problem of the payload like another. */
export function judge(schema: z.ZodType, payload: unknown): Judgement {
  try {
    const { success, data, error } = schema.safeParse(payload);
    if (success) return { success, data };
    const isMoreThanKnown = error.issues.every(({ code }) => code === 'unrecognized_keys');
    return { success, problems: problemsOf(error.issues, 'payload'), isMoreThanKnown };
  } catch (cause) {
    const message = `a check of its schema fails: ${messageOf(cause)}`;
    return {
      success: false,
      problems: [{ path: 'payload', message }],
      isMoreThanKnown: false,
      cause,
    };
  }
}
