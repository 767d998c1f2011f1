import { describe, expect, it } from 'vitest';
import { compileLookup } from './lookup.ts';

const phone = Object.assign(Object('5127894321'), { raw: '(512) 789-4321', area: '512', valid: true });
const dob = Object.assign(new Date(0), { toString: () => '1970-01-01', raw: '1/1/1970' });
const vars = {
  random: 42,
  lead: {
    state: 'TX',
    phone_1: phone,
    dob,
    items: ['a', { name: 'b' }],
    mortgage: { loan: { amount: 100 } },
    'first name': 'Ann',
    empty: null,
  },
  years: { "'1984'": { count: 7 }, '42': 'plain' },
  my_crm: { normal: 'its own' },
};

describe('a lookup finds', () => {
  const cases: [string, unknown][] = [
    ['random', 42],
    ['lead.random_number', 42],
    ['lead.state', 'TX'],
    ['lead.phone_1', phone],
    ['lead.phone_1.area', '512'],
    ['lead.phone_1.raw', '(512) 789-4321'],
    ['lead.phone_1.valid', true],
    ['lead.phone_1.normal', '5127894321'],
    ['lead.dob.normal', '1970-01-01'],
    ['lead.state.normal', 'TX'],
    ['my_crm.normal', 'its own'],
    ['lead.items.0', 'a'],
    ['lead.items[1].name', 'b'],
    ['lead.mortgage.loan.amount', 100],
    ["lead['first name']", 'Ann'],
    ['lead.empty', null],
    ['years.1984.count', 7],
    ["years.'1984'.count", 7],
    ['years{1984}.count', 7],
    ['years.42', 'plain'],
  ];
  it.each(cases)('%s', (path, value) => {
    expect(compileLookup(path)(vars)).toBe(value);
  });
});

describe('a lookup finds nothing', () => {
  it.each([
    'missing',
    'lead.missing.deeper',
    'lead.empty.deeper',
    'lead.state.length',
    'lead.mortgage.normal',
    'lead.constructor',
    'lead.__proto__',
    'lead.phone_1.toString',
    'lead.items.map',
    '__proto__.x',
    '',
    'a..b',
  ])('%j', (path) => {
    expect(compileLookup(path)(vars)).toBeUndefined();
  });
});

describe('own properties win', () => {
  it('a field named random_number hides the alias', () => {
    expect(compileLookup('lead.random_number')({ random: 1, lead: { random_number: 2 } })).toBe(2);
  });
  it('a submitted constructor is data', () => {
    expect(compileLookup('lead.constructor')({ lead: JSON.parse('{"constructor":"x"}') })).toBe('x');
  });
});
