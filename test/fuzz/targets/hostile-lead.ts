import { parseValue } from '../../../src/field-types/parse-value.ts';
import type { Vars } from '../../../src/model/vars.ts';

const PARSING = { now: 1_500_000_000_000, timeZone: 'America/Chicago' };

const nested = (depth: number): unknown => (depth === 0 ? 'end' : { a: nested(depth - 1), b: [depth] });

/**
 * A lead with values of every kind: typed ones, lists, objects, deep nesting, texts that are not well-formed Unicode,
 * and names of the prototype as own properties, as JSON brings them.
 */
export const HOSTILE_LEAD: Vars = {
  lead: {
    first_name: 'Ada',
    last_name: '\ud800 lone',
    email: parseValue('email', 'Ada@Example.com', PARSING),
    phone_1: parseValue('phone', '512-789-1111 x4', PARSING),
    phone_2: parseValue('phone', 'none', PARSING),
    born: parseValue('date', '1990-05-17', PARSING),
    contacted: parseValue('time', '2017-06-14T16:05:41Z', PARSING),
    age: parseValue('number', '41', PARSING),
    amount: parseValue('number', 'many', PARSING),
    income: parseValue('range', '18+', PARSING),
    consent: parseValue('boolean', 'yes', PARSING),
    state: parseValue('state', 'texas', PARSING),
    text: 'a#John#Doe bbb\u00a0c '.repeat(400),
    tags: ['a', '', null, 'b', ['c', ['d']]],
    items: [{ price: 1.5 }, { price: '2' }, null],
    'a b': 'spaced',
    data: { 123: 'digits' },
    deep: nested(31),
    empty: {},
    nan: Number.NaN,
    // An own property, as `JSON.parse` makes it.
    ...JSON.parse('{"own": {"__proto__": {"x": 1}, "constructor": "c", "toString": "t", "valueOf": "v"}}'),
  },
  random: 42,
  crm: { outcome: 'success', reason: null },
};
