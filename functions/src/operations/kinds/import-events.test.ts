import { describe, expect, test } from '@jest/globals';
import { createPlanImport } from '#events';
import { testCatalog } from '../../events/testing/catalog.ts';
import { countingIds } from '../../kernel/testing/counting-ids.ts';
import type { OperationFinding } from '../operation.ts';
import type { StepResult } from '../operation-kind.ts';
import type { ImportDeps } from './import-events.ts';
import { importEvents } from './import-events.ts';

const STARTED = new Date(1_893_456_000_000);
const planImport = createPlanImport({
  catalog: testCatalog,
  ids: countingIds('id'),
  customTypes: { readerOf: () => Promise.reject(new Error('There are none.')) },
});

function line(n: number): string {
  return JSON.stringify({
    key: `k${n}`,
    eventType: 'note.added',
    entityType: 'note',
    entityId: `note${n}`,
    actor: { actorType: 'user', actorId: 'ada' },
    payload: { text: 'Hello' },
    occurredAt: '2019-01-01T12:00:00Z',
  });
}

function kindOf(text: string, said: Partial<ImportDeps> = {}) {
  const bytes = Buffer.from(text);
  return importEvents({
    storage: () => ({ get: () => Promise.resolve(bytes) }),
    planImport,
    reader: {
      getAll: (paths) =>
        Promise.resolve(paths.map((path) => ({ path, data: undefined, readAtMs: 0 }))),
    },
    isFollowed: () => false,
    ...said,
  });
}

function stepOf(
  kind: ReturnType<typeof kindOf>,
  cursor?: string,
  limit = 200,
): Promise<StepResult> {
  return kind.step({
    operationId: 'op1',
    params: { orgId: 'org1', file: 'imports/a.ndjson', source: 'legacy' },
    cursor,
    limit,
    startedAt: STARTED,
    dryRun: false,
    time: undefined as never,
    signal: new AbortController().signal,
  });
}

/** All steps, from the first to the last. */
async function all(kind: ReturnType<typeof kindOf>): Promise<readonly StepResult[]> {
  const steps = [await stepOf(kind)];
  for (let last = steps[0]; last?.cursor !== undefined; last = steps.at(-1)) {
    steps.push(await stepOf(kind, last.cursor));
  }
  return steps;
}

function sumOf(steps: readonly StepResult[], field: 'seen' | 'done' | 'reads'): number {
  return steps.reduce((sum, step) => sum + step[field], 0);
}

/** Plans without looking: 20,000 events take seconds. */
const quickly: ImportDeps['planImport'] = ({ idempotencyKey: eventId }) =>
  Promise.resolve({
    eventId,
    write: { kind: 'create', path: `domain_events/${eventId}`, data: {} },
    bytes: 1,
    isSameAs: () => false,
  });

test('of 20,000 lines with garbage at 19,999 all others are written, and that one is said', async () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => line(n));
  lines[19_998] = '{"key":';
  const kind = kindOf(lines.join('\n'), { planImport: quickly });
  expect(await kind.estimate({ orgId: 'org1', file: '', source: '' })).toBe(20_000);
  const steps = await all(kind);
  expect(steps).toHaveLength(100);
  expect([sumOf(steps, 'seen'), sumOf(steps, 'done')]).toEqual([20_000, 19_999]);
  const findings: readonly OperationFinding[] = steps.flatMap((step) => step.findings ?? []);
  expect(findings).toMatchObject([{ kind: 'invalid-line', line: 19_999, found: 'expected JSON' }]);
  const ids = new Set(steps.flatMap(({ writes = [] }) => writes.map(({ path }) => path)));
  expect(ids.size).toBe(19_999);
});

test.each([
  ['with an end of its last line', `${line(1)}\n${line(2)}\n`],
  ['without', `${line(1)}\n${line(2)}`],
  ['of another system', `${line(1)}\r\n${line(2)}\r\n`],
  ['that says how it is encoded', `\uFEFF${line(1)}\n${line(2)}`],
])('a file %s has its lines', async (_, text) => {
  const steps = await all(kindOf(text));
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ seen: 2, done: 2, cursor: undefined });
});

test('a line that is no UTF-8 is said', async () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(line(1))]);
  const storage = () => ({ get: () => Promise.resolve(bytes) });
  const { done, findings } = await stepOf(kindOf('', { storage }));
  expect({ done, findings }).toMatchObject({ done: 1, findings: [{ line: 1 }] });
});

describe('what does not fit one commit', () => {
  const sized: ImportDeps['planImport'] = async (input, token) => {
    return { ...(await planImport(input, token)), bytes: 2 * 1024 * 1024 };
  };

  test('is in the next', async () => {
    const text = Array.from({ length: 5 }, (_, n) => line(n)).join('\n');
    const steps = await all(kindOf(text, { planImport: sized }));
    expect(steps.map(({ seen, done, reads }) => [seen, done, reads])).toEqual([
      [2, 2, 2],
      [2, 2, 2],
      [1, 1, 1],
    ]);
  });
});

test.each([
  ['with another line', `${line(1)}\n${line(3)}`],
  ['with another line before', `${line(3)}\n${line(2)}`],
  ['that is longer', `${line(1)}\n${line(2)}\n`],
])('a file %s when it goes on is refused, and nothing is written', async (_, text) => {
  const { cursor } = await stepOf(kindOf(`${line(1)}\n${line(2)}`), undefined, 1);
  await expect(stepOf(kindOf(text), cursor)).rejects.toMatchObject({
    code: 'failed-precondition',
    message: expect.stringContaining('under another name'),
  });
});

test('a line with more wrong than anybody reads is one finding, and the others are written', async () => {
  const fields = Array.from({ length: 200_000 }, (_, n) => [`f${n}`, 0] as const);
  const wrong = JSON.stringify({ ...JSON.parse(line(2)), ...Object.fromEntries(fields) });
  const { done, skipped, findings } = await stepOf(kindOf([line(1), wrong, line(3)].join('\n')));
  expect({ done, skipped }).toEqual({ done: 2, skipped: { invalid: 1 } });
  const others = [1, 2, 3, 4].map((n) => `f${n}: unknown field; `).join('');
  const found = `unknown field; ${others}and more`;
  expect(findings).toEqual([expect.objectContaining({ line: 2, path: 'f0', found })]);
});

test('every line that is wrong is found once, whatever else is wrong with it', async () => {
  const wrong = JSON.stringify({ key: '', orgId: 'org2' });
  const { findings } = await stepOf(kindOf([wrong, line(1), wrong].join('\n')));
  expect(findings?.map((one) => [one.kind, one.line])).toEqual([
    ['invalid-line', 1],
    ['invalid-line', 3],
  ]);
});

test('a step that is made again writes the same', async () => {
  const kind = kindOf(`${line(1)}\n${line(2)}`);
  const pathsOf = ({ writes = [] }: StepResult) => writes.map(({ path }) => path);
  expect(pathsOf(await stepOf(kind))).toEqual(pathsOf(await stepOf(kind)));
});

test('an event of a type whose streams a read model follows is left out', async () => {
  const isFollowed = (eventType: string): boolean => eventType === 'note.added';
  expect(await stepOf(kindOf(line(1), { isFollowed }))).toMatchObject({
    done: 0,
    findings: [{ line: 1, path: 'eventType' }],
  });
});

test('a file that is too large is refused', async () => {
  const storage = () => ({ get: () => Promise.resolve(new Uint8Array(32 * 1024 * 1024 + 1)) });
  await expect(stepOf(kindOf('', { storage }))).rejects.toMatchObject({
    code: 'invalid-input',
    problems: [{ path: 'params.file', message: expect.stringContaining('split it') }],
  });
});
