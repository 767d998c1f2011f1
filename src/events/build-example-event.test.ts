import { describe, expect, it } from 'vitest';
import { EVENT_OUTCOMES, EVENT_TYPES } from '../model/event.ts';
import { buildExampleEvent } from './build-example-event.ts';
import { EVENT_PROPERTIES } from './event-properties.ts';

describe('an example of an event', () => {
  it.each(EVENT_TYPES)('of the type %s has what events have, and nothing else', (type) => {
    const event = buildExampleEvent(type, { id: '67c59a40eeeeeeeeeeeeeeee', now: 1_700_000_000_000 });
    expect(Object.keys(event).filter((name) => !(EVENT_PROPERTIES as readonly string[]).includes(name))).toEqual([]);
    expect(event).toMatchObject({
      id: '67c59a40eeeeeeeeeeeeeeee',
      type,
      vars: { lead: { email: { normal: 'ada@example.com', valid: true } } },
    });
    expect(EVENT_OUTCOMES).toContain(event['outcome']);
  });
});
