import { describe, expect, it } from 'vitest';
import { dollars, isPriceGiven, moneyFrom } from './money.ts';

describe('money is read', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [unknown, number | undefined][] = [
    [1234.5, 1234.5], ['1234.5', 1234.5], ['$1,234.50', 1234.5], [' $ 1,234.50 ', 1234.5], ['US$12', 12], ['12.50 USD', 12.5],
    ['USD 12.50', 12.5], ['12.50$', 12.5], ['12 dollars', 12], ['$0', 0], ['0', 0], ['.5', 0.5], ['5.', 5], ['+7', 7], ['1e3', 1000],
    ['12,50', 12.5], ['12,5', 12.5], ['0,99', 0.99], ['1,234', 1234], ['1.234,50', 1234.5], ['1 234,50', 1234.5], ["1'234.50", 1234.5],
    ['1\u00a0234,50', 1234.5], ['1,000,000', 1_000_000], ['1.234', 1.234], [Object('4.5'), 4.5], [Object(4.5), 4.5],
    // A wrong amount is worse than none.
    ['', undefined], ['  ', undefined], ['-5', undefined], ['($5)', undefined], ['€ 12,50', undefined], ['12 EUR', undefined], ['£5', undefined],
    ['1,23,4', undefined], ['0,500', undefined], ['1,2345', undefined], ['12,345,67', undefined], ['1.2.3', undefined], ['5-6', undefined], ['12.50 per lead', undefined],
    ['abc', undefined], ['0x10', undefined], ['Infinity', undefined], ['1e400', undefined], ['1,000,001', undefined], ['$', undefined],
    ['9'.repeat(1_000), undefined], [null, undefined], [true, undefined], [['5'], undefined], [Number.NaN, undefined], [-1, undefined],
  ];
  it.each(cases)('from %j as %j', (value, expected) => {
    const amount = moneyFrom(value);
    expect(amount === undefined ? undefined : dollars(amount)).toBe(expected);
  });

  it.each([
    ['', false],
    [' ', false],
    [null, false],
    [undefined, false],
    ['x', true],
    [0, true],
  ])('%j: a price is given: %s', (value, isGiven) => {
    expect(isPriceGiven(value)).toBe(isGiven);
  });
});
