import { expect, it } from 'vitest';
import { exactMoneyFrom } from '../../../../src/model/money.ts';
import { PRICE_DOLLARS_MAX, parseDollars, parseNumber, parseWhole, showDollars } from './parse-amount.ts';

it.each([
  ['4.5', 4.5, '4.50'],
  ['4.50', 4.5, '4.50'],
  [' $4 ', 4, '4.00'],
  ['$1,234.5', 1234.5, '1234.50'],
  ['.25', 0.25, '0.25'],
  ['5.', 5, '5.00'],
  ['0.0125', 0.0125, '0.0125'],
  ['0.1', 0.1, '0.10'],
  ['1000000', 1_000_000, '1000000.00'],
  ['1.00000', 1, '1.00'],
])('"%s" is %s dollars and shown as %s', (text, value, shown) => {
  expect(parseDollars(text, { max: PRICE_DOLLARS_MAX })).toEqual({ ok: true, value });
  expect(showDollars(value)).toBe(shown);
});

it.each([
  ['a word', 'ten', /such as 4\.50/],
  ['nothing', ' ', /such as 4\.50/],
  ['a sign', '-3', /such as 4\.50/],
  ['a point alone', '.', /such as 4\.50/],
  ['an exponent', '1e3', /such as 4\.50/],
  ['commas in wrong places', '1,2', /such as 4\.50/],
  ['five decimals', '0.12345', /four decimals/],
  ['too much', '1000000.01', /from 0\.00 to 1,000,000 dollars/],
])('%s is no amount', (_, text, fault) => {
  const parsed = parseDollars(text, { max: PRICE_DOLLARS_MAX });
  expect(parsed.ok ? '' : parsed.fault).toMatch(fault);
});

it('is the amount that the server reads, to the last decimal', () => {
  const others = Array.from({ length: 30_001 }, (_, units) => units).filter((units) => {
    const text = `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`;
    const parsed = parseDollars(text, { max: PRICE_DOLLARS_MAX });
    if (!parsed.ok || exactMoneyFrom(parsed.value, PRICE_DOLLARS_MAX) !== units) return true;
    const again = parseDollars(showDollars(parsed.value), { max: PRICE_DOLLARS_MAX });
    return !again.ok || again.value !== parsed.value;
  });
  expect(others).toEqual([]);
});

it('shows what a document has besides as it is', () => {
  expect([showDollars(null), showDollars(1e-7), showDollars(-3)]).toEqual(['', '1e-7', '-3']);
});

it.each([
  ['50', true],
  ['1,200', true],
  ['0', true],
  ['1.5', false],
  ['', false],
  ['101', true],
  ['10000', false],
])('"%s" is a whole number up to 9,999: %s', (text, ok) => {
  expect(parseWhole(text, { max: 9_999 }).ok).toBe(ok);
});

it.each([
  ['12.5', true],
  ['12.5 %', true],
  ['.5', true],
  ['101', false],
  ['x', false],
])('"%s" is a percentage: %s', (text, ok) => {
  expect(parseNumber(text, { max: 100 }).ok).toBe(ok);
});
