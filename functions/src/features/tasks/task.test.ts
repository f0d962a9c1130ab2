import { describe, expect, test } from '@jest/globals';
import type { Task } from './task.ts';
import { requireAssignable, requireOpen, requireTask } from './task.ts';

const data = { orgId: 'org1', status: 'open', assigneeUid: null, stream: { version: 3 } };
const open: Task = { orgId: 'org1', status: 'open', assigneeUid: 'ben', version: 3 };
const done: Task = { ...open, status: 'done' };
const refused = expect.objectContaining({ code: 'failed-precondition' });

describe('a document', () => {
  test('that is a task is read as one', () => {
    const stream = { version: 3, hash: 'h', by: 'b' };
    expect(requireTask({ ...data, stream, title: 'Call' }, 'org1')).toEqual({
      ...open,
      assigneeUid: null,
    });
  });

  test.each([
    ['there is none', undefined],
    ['it is another organization’s', { ...data, orgId: 'org2' }],
    ['it has no state', { ...data, status: undefined }],
    ['its state is none', { ...data, status: 'late' }],
  ])('is not found where %s', (_, stored) => {
    expect(() => requireTask(stored, 'org1')).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});

test('a task is changed while it is open, and not once it is done', () => {
  expect(() => requireOpen(open)).not.toThrow();
  expect(() => requireOpen(done)).toThrow(refused);
});

test.each([
  ['somebody else', open, 'cleo', true],
  ['who has it', open, 'ben', false],
  ['somebody, once it is done', done, 'cleo', false],
])('a task is given to %s: %p to %s: %p', (_, task, uid, may) => {
  let error: unknown;
  try {
    requireAssignable(task, uid);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toEqual(may ? undefined : refused);
});
