import { expect, it } from 'vitest';
import { formatMoney } from './format-money.ts';

it.each([
  [12.5, '$12.50'],
  [0, '$0.00'],
  [-3, '-$3.00'],
  [0.1234, '$0.1234'],
  [1_234_567.89, '$1,234,567.89'],
  [null, '–'],
  [undefined, '–'],
])('%s dollars are written %s', (dollars, text) => {
  expect(formatMoney(dollars)).toBe(text);
});
