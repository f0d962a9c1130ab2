import { describe, expect, test } from '@jest/globals';
import { allEvents } from '../composition/testing/all-events.ts';
import { messageFor } from './message.ts';
import { anEvent } from './testing/an-event.ts';

describe('the title', () => {
  test.each(allEvents.map(({ type }) => type))('of %s is in words', (eventType) => {
    const { title } = messageFor(anEvent({ eventType, payload: {} }), 'ben');
    expect(title).not.toBe(eventType);
    expect(title).toMatch(/^[A-Z]/);
  });

  test('of a type nobody wrote words for is the type', () => {
    expect(messageFor(anEvent({ eventType: 'case.closed' }), 'ben').title).toBe('case.closed');
  });

  test('tells those who are mentioned, and only them', () => {
    const event = anEvent({ payload: { body: 'Hi', mentions: ['ben', 'bo'] } });
    expect(messageFor(event, 'ben').title).toBe('You were mentioned');
    expect(messageFor(event, 'b').title).toBe('New comment');
    expect(messageFor(event, 'cleo').title).toBe('New comment');
  });

  test.each(['toString', 'constructor', '__proto__'])('of the type %s is a text', (eventType) => {
    expect(messageFor(anEvent({ eventType }), 'ben').title).toBe(eventType);
  });
});

describe('the body', () => {
  test.each<[string, unknown, string]>([
    ['a comment’s text', { body: 'Hello' }, 'Hello'],
    ['a matter’s title', { title: 'Smith v. Jones' }, 'Smith v. Jones'],
    ['nothing where there is no text', { amountMinor: 1 }, ''],
    ['nothing where the text is none', { body: 7 }, ''],
    ['nothing of no payload', null, ''],
    ['nothing of a payload that is a text', 'text', ''],
    ['200 characters whole', { body: 'x'.repeat(200) }, 'x'.repeat(200)],
    ['a longer text cut', { body: 'x'.repeat(201) }, `${'x'.repeat(200)}…`],
    ['no half characters', { body: '💡'.repeat(101) }, `${'💡'.repeat(100)}…`],
    ['no half families', { body: `${'x'.repeat(198)}👩‍👧!` }, `${'x'.repeat(198)}…`],
  ])('is %s', (_, payload, body) => {
    expect(messageFor(anEvent({ payload }), 'ben').body).toBe(body);
  });
});
