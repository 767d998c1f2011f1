import { describe, expect, it } from 'vitest';
import { EVENT_FACTS_VERSION, EVENT_KINDS, parseEventFacts, writeEventFacts } from './event-facts.ts';
import { HOLDS_VERSION, parseHolds, writeHolds } from './holds.ts';
import { type EventRow, type Intent, parseIntents, writeFirstIntent, writeFurtherIntent } from './intent-state.ts';
import { EMPTY_LEAD_DOCUMENT, LEAD_DOCUMENT_VERSION, parseLeadDocument, parseStepDocument } from './lead-document.ts';

import { EMPTY_PING_FACTS, PING_FACTS_VERSION, parsePingFacts, writePingFacts } from './ping-facts.ts';

const EVENT: EventRow = {
  ...{
    id: 'e1',
    seq: 0,
    type: 'recipient',
    outcome: 'success',
    reason: null,
    stepId: 's',
    recipientId: 'r',
    facts: '{}',
  },
};
const INTENT: Intent = {
  ...{ eventId: 'e1', seq: 0, stepId: 's', recipientId: 'r', key: 'crm', moduleId: 'm', at: 1, retry: 'none' },
  request: { method: 'POST', uri: '', version: '1.1', headers: {}, body: null, timestamp: 1 },
};

const PARSERS: [string, (json: unknown) => unknown, object, number][] = [
  ['the document of a lead', parseLeadDocument, {}, LEAD_DOCUMENT_VERSION],
  ['the document of an attempt', parseStepDocument, { key: 'crm', transactions: [] }, LEAD_DOCUMENT_VERSION],
  ['the facts of an event', parseEventFacts, { ms: 4 }, EVENT_FACTS_VERSION],
  ['the facts of a ping', parsePingFacts, { rules: [] }, PING_FACTS_VERSION],
  ['places held', parseHolds, { caps: [], lists: [] }, HOLDS_VERSION],
];

describe.each(PARSERS)('%s', (_what, parse, stored, newest) => {
  it('from before documents had a version is read', () => {
    expect(parse(stored)).toEqual(stored);
  });

  it.each([newest + 1, -1, 1.5, '1', null])('of the unknown version %j is refused, with what to do', (version) => {
    const message = `has version ${JSON.stringify(version)}, and this program reads versions up to ${newest}: a newer Sluice wrote it`;
    expect(() => parse({ ...stored, version })).toThrow(message);
  });
});

describe('the intents of a run', () => {
  const intent = { ...INTENT, eventId: 'e2', seq: 1 };
  const step = { key: 'crm', appended: null, mappings: [], cap: null, transactions: [] };

  it('of versions 0 and 1 are one row each', () => {
    const state = { document: {}, events: [], failed: [], lost: [], intent: INTENT };
    expect(parseIntents([state])).toEqual(state);
    expect(parseIntents([{ ...state, version: 1 }])).toMatchObject(state);
  });

  it('are one state when they are read', () => {
    const events = [{ ...EVENT, seq: 0 }];
    const first = writeFirstIntent({
      document: '{"findings":[[0,"a","b",1]],"steps":{}}',
      events: [],
      failed: [],
      lost: [],
      intent: INTENT,
    });
    const further = writeFurtherIntent({
      events,
      failed: [],
      lost: [],
      intent,
      findings: [[1, 'c', 'd', 0]],
      steps: { 0: step },
    });
    expect(parseIntents([JSON.parse(first), JSON.parse(further)])).toMatchObject({
      document: {
        findings: [
          [0, 'a', 'b', 1],
          [1, 'c', 'd', 0],
        ],
        steps: { 0: step },
      },
      events,
      intent,
    });
  });

  it('before bids are of a version of their own, which an older program does not read; a delivery behind it is what counts', () => {
    const bids = JSON.parse(writeFirstIntent({ document: '{}', events: [], failed: [], lost: [], intent: null }));
    const further = writeFurtherIntent({ events: [], failed: [], lost: [], intent, findings: [], steps: {} });
    expect([bids.version, JSON.parse(further).version]).toEqual([3, 2]);
    expect(parseIntents([bids])?.intent).toBeNull();
    expect(parseIntents([bids, JSON.parse(further)])?.intent).toEqual(intent);
  });

  it('of an unknown version are refused, the document in them too', () => {
    expect(() => parseIntents([{ version: 4 }])).toThrow('An intent of a run has version 4');
    expect(() => parseIntents([{ version: 2, document: { version: 2 } }])).toThrow(
      'The document of a lead has version 2',
    );
  });
});

it('the facts of a ping are of a version that programs without bids read, unless it has bids', () => {
  const versionOf = (text: string): number => JSON.parse(text).version;
  expect([writePingFacts({ rules: [] }), EMPTY_PING_FACTS].map(versionOf)).toEqual([1, 1]);
  expect(versionOf(writePingFacts({ distributions: [] }))).toBe(2);
});

it('what is written is read again', () => {
  const facts = { start_timestamp: 1, end_timestamp: 3, ms: 2, wait_ms: 0 };
  expect(parseEventFacts(JSON.parse(writeEventFacts(facts)))).toEqual(facts);
  const holds = {
    caps: [{ capId: 'c', startsAt: 5, generation: 1, stepId: null }],
    lists: [{ listId: 'l', value: Buffer.from('ab', 'hex') }],
  };
  expect(parseHolds(JSON.parse(writeHolds(holds)))).toEqual(holds);
  expect(parseHolds(null)).toEqual({ caps: [], lists: [] });
  expect(parseIntents([])).toBeNull();
  expect(parseLeadDocument(JSON.parse(EMPTY_LEAD_DOCUMENT))).toEqual({ version: 1 });
});

it('each kind of event has a name and a builder of its own', () => {
  const builders = EVENT_KINDS.flatMap(({ build }) => (build ? [build] : []));
  expect(new Set(builders).size).toBe(builders.length);
  expect(new Set(EVENT_KINDS.map(({ name }) => name)).size).toBe(EVENT_KINDS.length);
});
