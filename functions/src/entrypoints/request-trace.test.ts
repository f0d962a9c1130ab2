import { describe, expect, test } from '@jest/globals';
import { traceOf } from './request-trace.ts';

const ids = { correlationId: () => 'new' };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a request', () => {
  test.each(['order-7', 'a', '4bf92f35-77b3:1.2_x', 'x'.repeat(128)])(
    'keeps its correlation id, %p',
    (correlationId) => {
      expect(traceOf({ 'x-correlation-id': correlationId }, ids)).toEqual({ correlationId });
    },
  );

  test.each([undefined, '', 'x'.repeat(129), 'a b', 'a\nb', '<script>', ['a', 'b']])(
    'gets a new one for %p',
    (correlationId) => {
      const headers = { 'x-correlation-id': correlationId };
      expect(traceOf(headers, ids)).toEqual({ correlationId: 'new' });
    },
  );

  test('keeps its trace', () => {
    expect(traceOf({ traceparent }, ids)).toEqual({ correlationId: 'new', traceparent });
  });

  test.each([
    '',
    traceparent.toUpperCase(),
    traceparent.replace('00-', '01-'),
    `${traceparent}-more`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
  ])('has no trace in %p', (header) => {
    expect(traceOf({ traceparent: header }, ids)).toEqual({ correlationId: 'new' });
  });
});
