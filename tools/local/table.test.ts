import { expect, test } from '@jest/globals';
import { formatTable } from './table.ts';

test('formatTable aligns its columns', () => {
  const table = formatTable(
    [
      { title: 'job', read: (row: { job: string; ms: number }) => row.job },
      { title: 'ms', align: 'right', read: (row) => String(row.ms) },
    ],
    [
      { job: 'notif', ms: 12 },
      { job: 'email', ms: 3456 },
    ],
  );
  expect(table).toBe(['job      ms', '─────  ────', 'notif    12', 'email  3456'].join('\n'));
});
