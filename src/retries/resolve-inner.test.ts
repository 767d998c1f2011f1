import { describe, expect, it } from 'vitest';
import { moneyFrom, NO_MONEY } from '../model/money.ts';
import { type InnerStanding, judgeStanding } from './resolve-inner.ts';

const PRICE = moneyFrom(4.5) ?? NO_MONEY;
const END = { flowId: 'f', sourceId: 's', outcome: 'success', price: PRICE, isInterrupted: false };
const standing = (parts: Partial<InnerStanding>): InnerStanding => ({
  end: null,
  isRunning: false,
  hasUnknown: false,
  isSold: false,
  ...parts,
});
const ended = (outcome: string, isInterrupted = false) => ({ ...END, outcome, isInterrupted, price: NO_MONEY });

describe('what became of a delivery to another flow', () => {
  it.each([
    ['no lead and nothing under way: it was never taken', {}, { kind: 'missing' }],
    ['a lead that runs is waited for', { isRunning: true }, null],
    ['a success is accepted at its price', { end: END }, { kind: 'accepted', price: PRICE }],
    [
      'also while a delivery of it may have arrived',
      { end: END, hasUnknown: true },
      { kind: 'accepted', price: PRICE },
    ],
    ['a failure is refused, whatever recipient has it', { end: ended('failure'), isSold: true }, { kind: 'refused' }],
    ['an interrupted lead is refused', { end: ended('error', true) }, { kind: 'refused' }],
    ['one that is with a recipient is waited for', { end: ended('error', true), hasUnknown: true }, null],
    [
      'one that is sold must not be sold again',
      { end: ended('error', true), isSold: true },
      { kind: 'accepted', price: NO_MONEY },
    ],
  ] as const)('%s', (_, parts, verdict) => {
    const judged = judgeStanding(standing(parts));
    if (verdict === null) expect(judged).toBeNull();
    else expect(judged).toMatchObject(verdict);
  });
});
