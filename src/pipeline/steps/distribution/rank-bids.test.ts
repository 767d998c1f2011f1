import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Money, moneyFrom, NO_MONEY } from '../../../model/money.ts';
import { type AuctionTerms, costBelow, rankBids } from './rank-bids.ts';

function money(dollars: number): Money {
  return moneyFrom(dollars) ?? NO_MONEY;
}

const TERMS: AuctionTerms = { minimumPrice: NO_MONEY, margin: null, cost: NO_MONEY, seed: 'lead' };

function rank(bids: Record<string, number>, terms: Partial<AuctionTerms> = {}) {
  const given = Object.entries(bids).map(([id, amount]) => ({ id, amount: money(amount) }));
  const { order, tooLow } = rankBids(given, { ...TERMS, ...terms });
  return [order.map(({ id }) => id), tooLow.map(({ bid, verdict, by }) => `${bid.id} ${verdict} ${by / 10_000}`)];
}

describe('the order of bids', () => {
  it.each<[string, Record<string, number>, Partial<AuctionTerms>, string[], string[]]>([
    ['none', {}, {}, [], []],
    ['the highest first', { a: 3, b: 31, c: 28 }, {}, ['b', 'c', 'a'], []],
    ['below the minimum price', { a: 3, b: 31 }, { minimumPrice: money(5) }, ['b'], ['a minimum 2']],
    ['the minimum price itself', { a: 5 }, { minimumPrice: money(5) }, ['a'], []],
    [
      'a margin in dollars',
      { a: 11, b: 12, c: 20 },
      { cost: money(10), margin: { amount: money(2), percent: 0 } },
      ['c', 'b'],
      ['a margin 1'],
    ],
    [
      'a margin in parts of the price',
      { a: 10, b: 20 },
      { cost: money(9), margin: { amount: NO_MONEY, percent: 20 } },
      ['b'],
      ['a margin 1'],
    ],
    ['below the cost, without a margin', { a: 1 }, { cost: money(9) }, ['a'], []],
    [
      'a floor of 0: never below the cost',
      { a: 1 },
      { cost: money(9), margin: { amount: NO_MONEY, percent: 0 } },
      [],
      ['a margin 8'],
    ],
    [
      'below both: the minimum price is named',
      { a: 1 },
      { cost: money(9), minimumPrice: money(2), margin: { amount: money(1), percent: 0 } },
      [],
      ['a minimum 1'],
    ],
  ])('%s', (_, bids, terms, order, tooLow) => {
    expect(rank(bids, terms)).toEqual([order, tooLow]);
  });

  it('of equal bids is another one from lead to lead, and the same each time for one', () => {
    const firsts = Array.from(
      { length: 3_000 },
      (_, lead) => rank({ a: 5, b: 5, c: 5 }, { seed: `lead ${lead}` })[0]?.[0],
    );
    for (const id of ['a', 'b', 'c']) {
      const share = firsts.filter((first) => first === id).length / firsts.length;
      expect(share).toBeGreaterThan(0.25);
      expect(share).toBeLessThan(0.42);
    }
    expect(rank({ c: 5, a: 5, b: 5 })).toEqual(rank({ a: 5, b: 5, c: 5 }));
  });
});

const AMOUNT = fc.integer({ min: 1, max: 1_000_000 }).map((units) => units as Money);
const AUCTION = fc.record({
  bids: fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1, maxLength: 6 }), amount: AMOUNT }), {
    maxLength: 50,
    selector: ({ id }) => id,
  }),
  terms: fc.record({
    minimumPrice: AMOUNT,
    margin: fc.option(fc.record({ amount: AMOUNT, percent: fc.integer({ min: 0, max: 100 }) })),
    cost: AMOUNT,
    seed: fc.string(),
  }),
});

describe('whatever the bids are', () => {
  it('each has its place or a reason, the order falls, and what is sold leaves the margin', () => {
    fc.assert(
      fc.property(AUCTION, ({ bids, terms }) => {
        const { order, tooLow } = rankBids(bids, terms);
        expect([...order, ...tooLow.map(({ bid }) => bid)].map(({ id }) => id).sort()).toEqual(
          bids.map(({ id }) => id).sort(),
        );
        order.forEach(({ amount }, place) => {
          expect(amount).toBeLessThanOrEqual(order[place - 1]?.amount ?? Number.POSITIVE_INFINITY);
          expect(amount).toBeGreaterThanOrEqual(terms.minimumPrice);
          if (terms.margin) expect(costBelow(amount, terms.margin)).toBeGreaterThanOrEqual(terms.cost);
        });
        for (const { bid, by } of tooLow) {
          expect(by).toBeGreaterThan(0);
          expect(order.every(({ amount }) => amount > bid.amount)).toBe(true);
        }
        const turned = rankBids(bids.toReversed(), terms).order;
        expect(turned).toEqual(order);
      }),
    );
  });

  it('a lead that costs what the best bid leaves can be sold at it', () => {
    fc.assert(
      fc.property(AUCTION, ({ bids, terms }) => {
        for (const bid of bids) {
          const cost = costBelow(bid.amount, terms.margin);
          const sellable = rankBids([bid], { ...terms, minimumPrice: NO_MONEY, cost }).order;
          // A margin above the whole price leaves nothing: then the lead costs nothing, and still it is too low.
          if (cost > 0) expect(sellable).toEqual([bid]);
        }
      }),
    );
  });
});
