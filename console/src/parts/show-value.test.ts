import { expect, it } from 'vitest';
import { showValue } from './show-value.ts';

it.each<[string, unknown, unknown]>([
  ['a text', 'TX', { kind: 'value', text: 'TX' }],
  ['a list', ['AZ', 'TX'], { kind: 'value', text: 'AZ, TX' }],
  ['a value with parts', { normal: '5125550134', raw: '512-555-0134' }, { kind: 'value', text: '5125550134' }],
  ['a value that cannot be read', { normal: null, raw: 'x' }, { kind: 'value', text: 'x' }],
  ['false', false, { kind: 'value', text: 'false' }],
  ['nothing', undefined, { kind: 'empty', text: '' }],
  ['what the server does not tell', '(hidden)', { kind: 'hidden', text: '' }],
])('%s is shown as what it is', (_name, value, shown) => {
  expect(showValue(value)).toEqual(shown);
});
