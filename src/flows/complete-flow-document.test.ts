import { describe, expect, it } from 'vitest';
import type { Ids } from '../lib/ids.ts';
import { completeFlowDocument } from './complete-flow-document.ts';

function countingIds(): Ids {
  let count = 0;
  return { next: () => `long${++count}`, event: () => `event${++count}`, short: () => `short${++count}` };
}

const complete = (document: Record<string, unknown>, previous: Record<string, unknown> | null = null) =>
  completeFlowDocument(document, { ids: countingIds(), now: Date.UTC(2025, 0, 1), previous });

const LIMIT = { maximum: 1, duration: 1, duration_units: 'day' };

describe('completeFlowDocument', () => {
  it('gives ids to everything inside, nested rules and caps included', () => {
    const completed = complete({
      sources: [{ entity: {}, integration: { mappings: [{ rule_set: { rules: [{ rule_set: { rules: [{}] } }] } }] } }],
      steps: [{ entity: { name: 'My CRM' }, pricing: { prices: [{ amount: 1 }] } }],
      caps: [{ ...LIMIT, caps: [LIMIT] }],
      ping_limits: [LIMIT],
    });
    const ids: unknown[] = [];
    JSON.stringify(completed, (key, value) => {
      if (key === 'id') ids.push(value);
      return value;
    });
    // source, entity, mapping, its set, rule, nested set, nested rule; step, entity, price; cap, nested cap; limit
    expect(ids).toHaveLength(13);
    expect(new Set(ids).size).toBe(13);
    const instant = '2025-01-01T00:00:00.000Z';
    expect(completed['caps']).toMatchObject([{ created_at: instant, caps: [{ created_at: instant }] }]);
    expect(completed['ping_limits']).toMatchObject([{ created_at: '2025-01-01T00:00:00.000Z' }]);
  });

  it('keeps what is given, and adds the empty mappings of an integration', () => {
    const sources = [{ id: 'abc123', entity: { id: '5fd4371e940df5a34a3888b2' }, integration: { module_id: 'x' } }];
    expect(complete({ sources })).toEqual({
      sources: [{ ...sources[0], integration: { module_id: 'x', mappings: [] } }],
    });
  });

  it('recognises what comes without its id by its name, else by its place', () => {
    const entity = { id: '5fd4371e940df5a34a3888b2', name: 'Acme' };
    const previous = {
      caps: [
        { ...LIMIT, id: 'capA', name: 'Daily' },
        { ...LIMIT, id: 'capB', caps: [{ ...LIMIT, id: 'capC' }] },
      ],
      sources: [
        { id: 'srcAAA', entity: { id: 'other', name: 'Other' } },
        { id: 'srcBBB', entity },
      ],
    };
    const document = {
      caps: [
        { ...LIMIT, maximum: 2, name: 'Daily' },
        { ...LIMIT, caps: [LIMIT] },
      ],
      sources: [{ entity: { name: 'Acme' } }, { entity: { name: 'New' } }],
    };
    expect(complete(document, previous)).toMatchObject({
      caps: [
        { id: 'capA', maximum: 2 },
        { id: 'capB', caps: [{ id: 'capC' }] },
      ],
      sources: [
        { id: 'srcBBB', entity },
        { id: 'short2', entity: { id: 'long1' } },
      ],
    });
  });

  it('does not take an id that the document gives to something else', () => {
    const previous = { caps: [{ ...LIMIT, id: 'capA', name: 'Daily' }] };
    const caps = [
      { ...LIMIT, id: 'capA', name: 'Weekly' },
      { ...LIMIT, name: 'Daily' },
    ];
    expect(complete({ caps }, previous)).toMatchObject({ caps: [{ id: 'capA' }, { id: 'long1' }] });
  });

  it('gives recipients of a distribution their ids, and recognises them by their entity', () => {
    const caps = [{ ...LIMIT }];
    const steps = (...names: string[]) => [
      { type: 'distribution', name: 'Buyers', recipients: names.map((name) => ({ entity: { name }, caps })) },
    ];
    const first = complete({ steps: steps('Alpha', 'Beta') });
    expect(first).toMatchObject({
      steps: [
        { id: expect.any(String), recipients: [{ id: expect.any(String), caps: [{ id: expect.any(String) }] }, {}] },
      ],
    });
    const [before] = first['steps'] as { recipients: { id: string; caps: { id: string }[] }[] }[];
    const [after] = complete({ steps: steps('Beta', 'Alpha') }, first)['steps'] as (typeof before)[];
    expect(after?.recipients.map(({ id }) => id)).toEqual(before?.recipients.map(({ id }) => id).reverse());
    expect(after?.recipients[1]?.caps[0]?.id).toBe(before?.recipients[0]?.caps[0]?.id);
  });

  it('drops what lives beside the document', () => {
    const readOnly = { id: 'x', errors: {}, revision: 3, deployed_revision: null, created_at: 'a', updated_at: 'b' };
    expect(complete({ ...readOnly, name: 'A' })).toEqual({ name: 'A' });
  });

  it.each([
    ['an edited cap keeps the instant it was made at', { id: 'c1' }, '2020-11-23T11:41:52Z'],
    ['a given instant wins', { id: 'c1', created_at: '2021-01-01T00:00:00Z' }, '2021-01-01T00:00:00Z'],
    ['a cap the flow did not have is made now', { id: 'c2' }, '2025-01-01T00:00:00.000Z'],
  ])('%s', (_name, cap, createdAt) => {
    const previous = {
      sources: [{ caps: [{ ...LIMIT, id: 'c0', caps: [{ ...LIMIT, id: 'c1', created_at: '2020-11-23T11:41:52Z' }] }] }],
    };
    expect(complete({ caps: [{ ...LIMIT, ...cap }] }, previous)).toMatchObject({ caps: [{ created_at: createdAt }] });
  });

  it('does not enter what it does not know, nor stumble over faults', () => {
    const document = {
      custom: { rules: [{}] },
      caps: 'many',
      steps: [null, 'x', { rule_set: '<unknown>' }],
      sources: {},
      acceptance_criteria: { rule_set: { rules: [null] } },
    };
    expect(complete(document)).toEqual({
      ...document,
      steps: [null, 'x', { rule_set: '<unknown>', id: 'short1' }],
      sources: { id: 'short2' },
      acceptance_criteria: { rule_set: { rules: [null], id: 'short3' } },
    });
  });
});
