import { expect, test } from '@jest/globals';
import type { Row } from './database.ts';
import type { JournalLine } from './journal.ts';
import type { Evidence } from './judge.ts';
import { judge, judgeDuplicates } from './judge.ts';
import { toPlan } from './load.ts';

const place = (sequence: number) => ({ orderingKey: 'post:stream0', sequence });
const line = 'post:stream0';
const first = {
  ...toPlan({ jobType: 'post', orgId: 'o', causeId: 'e1', place: place(1) }),
  line,
  sequence: 1,
};
const second = {
  ...toPlan({ jobType: 'post', orgId: 'o', causeId: 'e2', place: place(2) }),
  line,
  sequence: 2,
};
const writer = toPlan({ jobType: 'notif', orgId: 'o', causeId: 'e3' });

function run(kind: 'began' | 'ended', jobId: string, runId: string, worker = 'w0.1'): JournalLine {
  return { kind, worker, jobId, runId, runs: 1 };
}

const death: JournalLine = { kind: 'died', worker: 'w0.1', by: 'test', how: 'SIGKILL' };

function sent(id: string, runIds: readonly string[]): [string, Row] {
  const history = runIds.map((runId, index) => ({
    runId,
    outcome: index === runIds.length - 1 ? 'sent' : 'crashed',
  }));
  const runId = runIds.at(-1) ?? '';
  return [id, { id, status: 'sent', attempts: 1, crashes: 0, runs: runIds.length, runId, history }];
}

/** Two ordered jobs and a writer, the first of them delivered twice because of a kill. */
function evidence(): { -readonly [Part in keyof Evidence]: Evidence[Part] } {
  return {
    load: { jobs: [first, second, writer], allIds: [first.id, second.id, writer.id] },
    rows: new Map([sent(first.id, ['a', 'b']), sent(second.id, ['c']), sent(writer.id, ['d'])]),
    effects: [{ runId: 'd', jobId: writer.id }],
    journal: [
      run('began', first.id, 'a'),
      death,
      run('began', first.id, 'b', 'w1.1'),
      run('ended', first.id, 'b', 'w1.1'),
      run('began', second.id, 'c', 'w1.1'),
      run('ended', second.id, 'c', 'w1.1'),
      run('began', writer.id, 'd', 'w1.1'),
      run('ended', writer.id, 'd', 'w1.1'),
    ],
  };
}

test('a duplicate that a kill explains is counted, and no problem', () => {
  expect(judge(evidence())).toEqual([]);
  expect(judgeDuplicates(evidence())).toEqual({ duplicates: 1, unexplained: [] });
});

type Break = (whole: ReturnType<typeof evidence>) => void;

test.each<[string, Break, RegExp]>([
  ['a row that is gone', (it) => (it.rows = without(it.rows, writer.id)), /^lost: .* not there$/],
  ['a job that is not sent', (it) => change(it, { status: 'pending' }), /^lost: .* is pending$/],
  [
    'a dead letter',
    (it) => change(it, { failure: { reason: 'poison' } }),
    /^blamed: .* as poison$/,
  ],
  ['an attempt that a kill cost', (it) => change(it, { attempts: 2 }), /^count: .* 2 attempts/],
  ['a job nobody delivered', (it) => (it.journal = it.journal.slice(0, 4)), /never delivered$/],
  ['a row nobody asked for', (it) => (it.rows = new Map([...it.rows, sent('x', [])])), /^stranger/],
  ['effects written twice', (it) => (it.effects = [...it.effects, ...it.effects]), /has 2$/],
  ['effects of none', (it) => (it.effects = []), /^effects: .* has 0$/],
  [
    'another run’s effects',
    (it) => (it.effects = [{ runId: 'x', jobId: writer.id }]),
    /another run/,
  ],
  ['one before its turn', (it) => (it.journal = it.journal.toReversed()), /^order: /],
  ['a duplicate without a death', (it) => (it.journal = it.journal.toSpliced(1, 1)), /^twice: /],
  [
    'a duplicate after a settled run',
    (it) => (it.rows = new Map([...it.rows, sent(first.id, ['a'])])),
    /^twice: .* ended sent$/,
  ],
])('%s is found', (_, breakIt, problem) => {
  const broken = evidence();
  breakIt(broken);
  expect(judge(broken)).toContainEqual(expect.stringMatching(problem));
});

function change(it: ReturnType<typeof evidence>, said: Partial<Row>): void {
  it.rows = new Map([...it.rows, [second.id, { ...sent(second.id, ['c'])[1], ...said }]]);
}

function without(rows: ReadonlyMap<string, Row>, id: string): Map<string, Row> {
  return new Map([...rows].filter(([key]) => key !== id));
}
