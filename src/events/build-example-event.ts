import { normalizeValue } from '../field-types/normalize-value.ts';
import { parseValue } from '../field-types/parse-value.ts';
import type { EventType } from '../model/event.ts';
import type { FieldTypeName } from '../model/field-type.ts';
import { EVENT_SCHEMA_VERSION, type LeadEvent } from './build-event.ts';

/** Ids that nothing has: 24 hexadecimal characters. */
const LEAD_ID = '0000000000000000000000a1';
const FLOW = { id: '0000000000000000000000f1', name: 'Example flow' };
const SOURCE = { id: '000000000000000000000051', name: 'Example source' };
const RECIPIENT = { id: '0000000000000000000000e1', name: 'Example recipient' };
const STEP_ID = '000000000000000000000001';

/** Of a person who is none: the address, and a number of those that are kept for examples. */
const VALUES: readonly (readonly [field: string, type: FieldTypeName, value: string])[] = [
  ['first_name', 'first_name', 'Ada'],
  ['last_name', 'last_name', 'Example'],
  ['email', 'email', 'ada@example.com'],
  ['phone_1', 'phone', '512-555-0100'],
  ['state', 'state', 'TX'],
];
const DELIVERY_MS = 120;

/** What only events of the type have. */
const OF_TYPE: Readonly<Record<EventType, LeadEvent>> = {
  source: {},
  filter: { outcome: 'stop', reason: 'State is not bought', step_id: STEP_ID },
  recipient: { step_id: STEP_ID, recipient: RECIPIENT, transactions: [] },
  retry: { step_id: STEP_ID, recipient: RECIPIENT, transactions: [] },
  'feedback-received': { step_id: STEP_ID, recipient: RECIPIENT, reason: 'Wrong number' },
  'feedback-sent': { step_id: STEP_ID, recipient: RECIPIENT, reason: 'Wrong number', transactions: [] },
};

/**
 * An event of a made-up lead, in the form of those that are posted; `id` is the event's own. It has what every event has and little more:
 * what a flow is set to is on real ones.
 */
export function buildExampleEvent(type: EventType, { id, now }: { id: string; now: number }): LeadEvent {
  const { recipient, ...properties } = OF_TYPE[type];
  // As types read them, with their components: that is what a program has to read.
  const values = VALUES.map(([field, fieldType, value]) => {
    const read = parseValue(fieldType, value, { now, timeZone: 'UTC' });
    return [field, normalizeValue(read)] as const;
  });
  const lead = { id: LEAD_ID, ...Object.fromEntries(values) };
  return {
    ...{ id, type, outcome: 'success', reason: null },
    vars: { lead, flow: FLOW, source: SOURCE, ...(recipient !== undefined && { recipient }) },
    version: EVENT_SCHEMA_VERSION,
    ...{ start_timestamp: now - DELIVERY_MS, end_timestamp: now, ms: DELIVERY_MS, wait_ms: 0 },
    ...{ overhead_ms: DELIVERY_MS, lag_ms: 0, total_ms: DELIVERY_MS },
    ...{ cap_reached: false, ping_limit_reached: false, expires_at: null },
    ...properties,
  };
}
