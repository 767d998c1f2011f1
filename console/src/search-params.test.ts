import { expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search-params.ts';

it.each([
  ['', {}],
  ['?flow_id=123456789012345678901234', { flow_id: '123456789012345678901234' }],
  ['?flow_id=5e1234567890123456789012', { flow_id: '5e1234567890123456789012' }],
  ['?outcome=failure&outcome=error', { outcome: ['failure', 'error'] }],
  ['?q=a%26b+c', { q: 'a&b c' }],
  ['?__proto__=x', Object.fromEntries([['__proto__', 'x']])],
])('reads and writes %s', (text, search) => {
  expect(parseSearch(text)).toEqual(search);
  expect(stringifySearch(search)).toBe(text);
});

it('writes nothing for what is not there', () => {
  expect(stringifySearch({ tab: undefined, to: null, ids: [] })).toBe('');
});
