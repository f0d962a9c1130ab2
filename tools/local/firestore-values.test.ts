import { expect, test } from '@jest/globals';
import { decodeDocument } from './firestore-values.ts';

test('decodeDocument turns REST values into plain ones', () => {
  const name = 'projects/p/databases/(default)/documents/outbox/1';
  const fields = {
    status: { stringValue: 'sent' },
    attempts: { integerValue: '3' },
    rate: { doubleValue: 0.5 },
    imported: { booleanValue: false },
    heldBy: { nullValue: null },
    sentAt: { timestampValue: '2026-01-01T00:00:01.500250Z' },
    history: {
      arrayValue: { values: [{ mapValue: { fields: { by: { stringValue: 'tick' } } } }] },
    },
    none: { arrayValue: {} },
    empty: { mapValue: {} },
  };
  expect(decodeDocument({ name, fields })).toEqual({
    status: 'sent',
    attempts: 3,
    rate: 0.5,
    imported: false,
    heldBy: null,
    sentAt: Date.UTC(2026, 0, 1, 0, 0, 1, 500),
    history: [{ by: 'tick' }],
    none: [],
    empty: {},
  });
  expect(decodeDocument({ name })).toEqual({});
});
