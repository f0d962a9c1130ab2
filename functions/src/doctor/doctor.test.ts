import { expect, test } from '@jest/globals';
import { ManualClock } from '../kernel/testing/manual-clock.ts';
import { KeptLogs } from '../outbox/testing/a-worker.ts';
import type { Diagnosis } from './doctor.ts';
import { createDoctor } from './doctor.ts';
import type { Finding, Look } from './finding.ts';

const finding = (severity: Finding['severity']): Finding => {
  return { code: severity, severity, what: 'It is.', where: 'here', whatToDo: 'Mend it.' };
};
const looking = (name: string, make: Look['make']): Look => ({ name, make });
const well = looking('well', () => Promise.resolve([]));
const refused = looking('refused', () =>
  Promise.resolve({ kind: 'unseen', why: 'No.', whatToDo: 'Ask.' }),
);
const ill = looking('ill', () => Promise.resolve([finding('warning'), finding('error')]));

function diagnose(looks: readonly Look[], clock = new ManualClock(), logger = new KeptLogs()) {
  return createDoctor({ looks, deadlineMs: 10_000, clock, logger })();
}

test.each<[string, readonly Look[], Diagnosis['verdict']]>([
  ['well when every look was made and found nothing', [well, well], 'well'],
  ['never well when a look was refused', [well, refused], 'incomplete'],
  ['findings when there are some', [well, ill], 'findings'],
  ['findings, too, when a look was refused besides', [ill, refused], 'findings'],
])('a deployment is %s', async (_, looks, verdict) => {
  expect((await diagnose(looks)).verdict).toBe(verdict);
});

test('a look that was made leaves no timer behind', async () => {
  const clock = new ManualClock();
  await diagnose([well, refused, ill], clock);
  expect(clock.waiting).toBe(0);
});

test('what was found comes with what was looked at, errors first', async () => {
  expect(await diagnose([refused, ill])).toEqual({
    verdict: 'findings',
    findings: [finding('error'), finding('warning')],
    looks: [
      { name: 'refused', looked: false, why: 'No.', whatToDo: 'Ask.' },
      { name: 'ill', looked: true },
    ],
  });
});

test('a look that fails spoils no other, and its error is only in the log', async () => {
  const logs = new KeptLogs();
  const failing = looking('failing', () => Promise.reject(new Error('secret 123')));
  const diagnosis = await diagnose([failing, ill], new ManualClock(), logs);
  expect(diagnosis.looks[0]).toMatchObject({ looked: false, why: 'The look failed.' });
  expect(diagnosis.findings).toHaveLength(2);
  expect(JSON.stringify(diagnosis)).not.toContain('123');
  expect(logs.entries).toEqual([
    {
      severity: 'WARNING',
      message: 'doctor could not look',
      look: 'failing',
      error: 'secret 123',
    },
  ]);
});

test('a look without an answer in time is ended and was not made; the others are there', async () => {
  const clock = new ManualClock();
  const logs = new KeptLogs();
  let wasEnded = false;
  const slow = looking(
    'slow',
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          wasEnded = true;
          reject(new Error('aborted'));
        });
      }),
  );
  const asked = diagnose([slow, ill], clock, logs);
  clock.advance(9_999);
  await Promise.resolve();
  expect(wasEnded).toBe(false);
  clock.advance(1);
  const { verdict, looks } = await asked;
  expect([verdict, wasEnded, clock.waiting, logs.troubles]).toEqual(['findings', true, 0, []]);
  expect(looks[0]).toMatchObject({ looked: false, why: 'There was no answer within 10 s.' });
});
