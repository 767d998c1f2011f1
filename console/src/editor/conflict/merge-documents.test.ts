import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildMerged, type Choices, isSame, listMergeParts, listOpenParts, type Side } from './merge-documents.ts';

const rule = fc.record({
  lhv: fc.constantFrom('lead.state', 'lead.email'),
  op: fc.constant('is equal to'),
  rhv: fc.string(),
});
const ruleSet = fc.record({ op: fc.constantFrom('and', 'or'), rules: fc.array(rule, { maxLength: 2 }) });
const withId = <Value>(value: fc.Arbitrary<Value>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), value), { selector: ([id]) => id, maxLength: 5 })
    .map((members) => members.map(([id, member]) => ({ ...member, id })));
const cap = fc.record({ name: fc.constantFrom('Daily', 'Weekly'), maximum: fc.integer({ min: 1, max: 3 }) });
const source = fc.record(
  {
    name: fc.constantFrom('Acme', 'Zen'),
    enabled: fc.boolean(),
    caps: withId(cap),
    acceptance_criteria: fc.record({ rule_set: ruleSet }),
  },
  { requiredKeys: ['name'] },
);
const step = fc.record(
  {
    type: fc.constant('recipient'),
    description: fc.constantFrom('x', 'y'),
    rule_set: ruleSet,
    recipients: withId(cap),
  },
  { requiredKeys: ['type'] },
);
/** Flows whose members have ids, as the server gives them. */
const flow = fc.record(
  {
    name: fc.constantFrom('Solar', 'Roofs'),
    fields: fc.uniqueArray(fc.constantFrom('email', 'state', 'phone', 'order')),
    sources: withId(source),
    steps: withId(step),
    caps: withId(cap),
    list_checks: fc.record({ duplicate: fc.constant({ value: '{{lead.email}}' }) }, { requiredKeys: [] }),
    pricing: fc.record({ prices: fc.array(fc.record({ amount: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2 }) }),
  },
  { requiredKeys: ['name', 'sources', 'steps'] },
);
const states = fc.record({ base: flow, mine: flow, theirs: flow });

const FLOW = {
  name: 'Solar',
  fields: ['email', 'state', 'phone_1'],
  enabled: true,
  sources: [{ id: 's1', name: 'Acme', caps: [{ id: 'c1', maximum: 50 }] }],
  steps: [
    { id: 't1', type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'a' }] } },
    { id: 't2', type: 'recipient', enabled: true },
    { id: 't3', type: 'recipient' },
  ],
};
const all = (given: Parameters<typeof listMergeParts>[0], side: Side): Choices =>
  Object.fromEntries(listMergeParts(given).map(({ key }) => [key, side]));

describe('the merge of two drafts', () => {
  it('is one of them when every part is taken from it', () => {
    fc.assert(
      fc.property(states, fc.constantFrom<Side>('mine', 'theirs'), (given, side) => {
        const merged = buildMerged(given, all(given, side));
        expect(isSame(merged, given[side]), JSON.stringify([merged, given[side]])).toBe(true);
      }),
    );
  });

  it('has no parts exactly when both are the same', () => {
    fc.assert(
      fc.property(states, (given) => {
        expect(listMergeParts(given).length === 0).toBe(isSame(given.mine, given.theirs));
        expect(listMergeParts({ ...given, theirs: given.mine })).toEqual([]);
      }),
    );
  });

  it('asks nothing when one of them changed nothing, and takes what the other did', () => {
    fc.assert(
      fc.property(flow, flow, (base, changed) => {
        for (const given of [
          { base, mine: changed, theirs: base },
          { base, mine: base, theirs: changed },
        ]) {
          expect(listOpenParts(listMergeParts(given), {})).toEqual([]);
          expect(isSame(buildMerged(given, {}), changed)).toBe(true);
        }
      }),
    );
  });

  it('has parts with different keys, and choosing one changes that one alone', () => {
    fc.assert(
      fc.property(states, (given) => {
        const parts = listMergeParts(given);
        expect(new Set(parts.map(({ key }) => key)).size).toBe(parts.length);
        const merged = buildMerged(given, all(given, 'mine'));
        for (const { key, kind } of parts) {
          if (kind === 'order') continue;
          const one = buildMerged(given, { ...all(given, 'mine'), [key]: 'theirs' });
          const differing = listMergeParts({ base: merged, mine: merged, theirs: one }).filter(
            (part) => part.kind === 'value',
          );
          expect(differing.map((part) => part.key)).toEqual([key]);
        }
      }),
    );
  });

  it.each([
    [
      'a cap of a source and a step',
      { ...FLOW, sources: [{ ...FLOW.sources[0], caps: [{ id: 'c1', maximum: 80 }] }] },
      { ...FLOW, steps: FLOW.steps.with(1, { id: 't2', type: 'recipient', enabled: false }) },
    ],
    [
      'two properties of one source',
      { ...FLOW, sources: [{ ...FLOW.sources[0], name: 'Acme Web' }] },
      { ...FLOW, sources: [{ ...FLOW.sources[0], caps: [{ id: 'c1', maximum: 80 }] }] },
    ],
    [
      'a step that came and a step that went',
      { ...FLOW, steps: [...FLOW.steps, { id: 't4', type: 'recipient' }] },
      { ...FLOW, steps: FLOW.steps.slice(1) },
    ],
    [
      'fields that one of them added and the other removed and added',
      { ...FLOW, fields: ['email', 'state', 'zip', 'phone_1'] },
      { ...FLOW, fields: ['state', 'phone_1', 'city'] },
    ],
    [
      'the order of fields and a field',
      { ...FLOW, fields: FLOW.fields.toReversed() },
      { ...FLOW, fields: [...FLOW.fields, 'zip'] },
    ],
    ['the order of steps and the name', { ...FLOW, steps: FLOW.steps.toReversed() }, { ...FLOW, name: 'Roofs' }],
  ])('takes both without a question: %s', (_name, mine, theirs) => {
    const given = { base: FLOW, mine, theirs };
    const parts = listMergeParts(given);
    expect(listOpenParts(parts, {})).toEqual([]);
    const merged = buildMerged(given, {});
    // Both changes are there: against either side only the other one is left.
    expect(isSame(buildMerged({ base: FLOW, mine: merged, theirs }, {}), merged)).toBe(true);
    const sides = parts.map(({ suggestion }) => suggestion);
    expect(sides).toContain('mine');
    expect(sides).toContain('theirs');
  });

  it('keeps the fields of both, each in its place, and without what one of them removed', () => {
    const fields = (mine: string[], theirs: string[]) =>
      buildMerged({ base: FLOW, mine: { ...FLOW, fields: mine }, theirs: { ...FLOW, fields: theirs } }, {});
    expect(fields(['email', 'state', 'zip', 'phone_1'], ['state', 'phone_1', 'city'])).toMatchObject({
      fields: ['state', 'zip', 'phone_1', 'city'],
    });
    expect(fields([], ['email', 'state', 'phone_1', 'zip'])).toMatchObject({ fields: ['zip'] });
    // Something that is no list of fields is one part.
    const twice = { base: FLOW, mine: { ...FLOW, fields: ['email', 'email'] }, theirs: { ...FLOW, fields: [] } };
    expect(listMergeParts(twice).map(({ key }) => key)).toEqual(['fields']);
  });

  it.each([
    [
      'one rule set in two ways, which is one part',
      {
        ...FLOW,
        steps: FLOW.steps.with(0, { id: 't1', type: 'filter', rule_set: { op: 'or', rules: [{ lhv: 'a' }] } }),
      },
      {
        ...FLOW,
        steps: FLOW.steps.with(0, { id: 't1', type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'b' }] } }),
      },
      ['steps.t1.rule_set'],
    ],
    [
      'a step that one removed and the other changed',
      { ...FLOW, steps: FLOW.steps.with(1, { id: 't2', type: 'recipient', enabled: false }) },
      { ...FLOW, steps: [FLOW.steps[0], FLOW.steps[2]] },
      ['steps.t2'],
    ],
    [
      'two orders',
      { ...FLOW, steps: FLOW.steps.toReversed() },
      { ...FLOW, steps: [FLOW.steps[1], FLOW.steps[0], FLOW.steps[2]] },
      ['steps#order'],
    ],
  ])('asks about %s', (_name, mine, theirs, keys) => {
    const given = { base: FLOW, mine, theirs };
    const open = listOpenParts(listMergeParts(given), {});
    expect(open.map(({ key }) => key)).toEqual(keys);
    expect(listOpenParts(open, { [keys[0] ?? '']: 'base' })).toEqual([]);
  });
});
