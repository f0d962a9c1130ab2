import { describe, expect, test } from '@jest/globals';
import type { AnyOperationKind } from '../operation-kind.ts';
import { archive } from './archive.ts';
import { purge } from './purge.ts';
import { restore } from './restore.ts';
import { verify } from './verify.ts';

/** Nothing is asked before the cursor is read. */
const nothing = {} as never;
const deps = { source: nothing, storage: nothing, headPathOf: nothing, reducersOf: nothing };
const kinds: readonly AnyOperationKind[] = [
  archive({ ...deps, afterDays: 90, leastDays: 7 }),
  purge({ keepDays: 90, store: nothing }),
  restore(deps),
  verify({ integrity: nothing, archives: deps, events: nothing }),
];

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  test.each([
    '',
    'null',
    '{"line":3}',
    '{"status":"sent"}',
    '{"day":7}',
    '{"phase":"by-id"}',
    '{"phase":"archive","at":{"part":2}}',
    '{"after":{"seconds":1}}',
  ])('with the cursor %j, which none of its steps left, fails for good', async (cursor) => {
    const asked = { params: { orgId: 'org1' }, cursor, limit: 1, startedAt: new Date(0) };
    await expect(kind.step(asked as never)).rejects.toMatchObject({ code: 'bad-cursor' });
  });
});
