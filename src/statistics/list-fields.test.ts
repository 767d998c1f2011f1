import { describe, expect, it } from 'vitest';
import { listFields } from './list-fields.ts';

describe('the fields that a lead has', () => {
  it('are those with a value, below the groups that their id names', () => {
    const lead = {
      id: '5f2b8c0d9e1a2b3c4d5e6f70',
      ...{ age: 0, opted_in: false, empty: '', blank: ' ', none: null, list: [], object: {} },
      ...{ state: 'TX', tags: ['a'], 'dotted.id': 'x' },
      phone_1: { normal: '5125550100', raw: '5125550100', valid: true, area: '512' },
      agent: { name: 'Sam', phone: { raw: '1', valid: false } },
    };
    expect(listFields(lead)).toEqual([
      ...['age', 'opted_in', 'state', 'tags', 'dotted.id', 'phone_1', 'agent', 'agent.name', 'agent.phone'],
    ]);
  });

  it('are bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`f${index}`, 1]));
    expect(listFields(many)).toHaveLength(500);
    let deep: Record<string, unknown> = { end: 1 };
    for (let depth = 0; depth < 100; depth += 1) deep = { a: deep };
    expect(listFields(deep)).toHaveLength(9);
  });
});
