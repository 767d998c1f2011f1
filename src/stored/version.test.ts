import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, parseEventFacts, writeEventFacts } from './event-facts.ts';
import { parseHolds, writeHolds } from './holds.ts';
import { parseIntentState } from './intent-state.ts';
import { EMPTY_LEAD_DOCUMENT, parseLeadDocument, parseStepDocument } from './lead-document.ts';

const PARSERS: [string, (json: unknown) => unknown, object][] = [
  ['the document of a lead', parseLeadDocument, {}],
  ['the document of an attempt', parseStepDocument, { key: 'crm', transactions: [] }],
  ['the facts of an event', parseEventFacts, { ms: 4 }],
  ['places held', parseHolds, { caps: [], lists: [] }],
  ['the state of a run', parseIntentState, { document: {}, events: [], failed: [], lost: [] }],
];

describe.each(PARSERS)('%s', (_what, parse, stored) => {
  it('from before documents had a version is read', () => {
    expect(parse(stored)).toEqual(stored);
  });

  it.each([2, -1, 1.5, '1', null])('of the unknown version %j is refused, with what to do', (version) => {
    const message = `has version ${JSON.stringify(version)}, and this program reads versions up to 1: a newer Sluice wrote it`;
    expect(() => parse({ ...stored, version })).toThrow(message);
  });
});

it('the document inside the state of a run is refused too', () => {
  expect(() => parseIntentState({ version: 1, document: { version: 2 } })).toThrow(
    'The document of a lead has version 2',
  );
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
  expect(parseIntentState(null)).toBeNull();
  expect(parseLeadDocument(JSON.parse(EMPTY_LEAD_DOCUMENT))).toEqual({ version: 1 });
});

it('each kind of event has a name and a builder of its own', () => {
  const builders = EVENT_KINDS.flatMap(({ build }) => (build ? [build] : []));
  expect(new Set(builders).size).toBe(builders.length);
  expect(new Set(EVENT_KINDS.map(({ name }) => name)).size).toBe(EVENT_KINDS.length);
});
