import { describe, expect, it } from 'vitest';
import { dollars, moneyFrom } from '../model/money.ts';
import type { Problem } from '../model/problem.ts';
import { createRuleCatalogue } from '../rules/rule-catalogue.ts';
import { compilePricing, type PricingLevel, priceByService } from './compile-pricing.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const price = (amount: unknown, state?: string) => ({
  amount,
  ...(state && { rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: state }] } }),
});

interface Levels {
  flow?: { pricing?: unknown; service?: unknown };
  source?: { pricing?: unknown; service?: unknown };
}

function compile({ flow, source }: Levels) {
  const problems: Problem[] = [];
  const level = (name: 'flow' | 'source', path: string, given: Levels['flow']) =>
    ({ name, path, pricing: given?.pricing, pricingService: given?.service }) as PricingLevel;
  const levels = [level('flow', '', flow), level('source', 'sources.0', source)];
  const program = compilePricing(levels, { labelOf: (path) => path, catalogue: createRuleCatalogue(), problems });
  return { program, problems };
}

function decide(levels: Levels, lead: { state?: string; offered?: unknown; answer?: number } = {}) {
  const { program, problems } = compile(levels);
  expect(problems).toEqual([]);
  const decision = program.evaluate({ vars: { lead: { state: lead.state } }, ctx, offered: lead.offered });
  const answered = moneyFrom(lead.answer) ?? null;
  const verdict = decision.kind === 'priced' ? decision.verdict : priceByService(decision.service, answered);
  const { winner, alsoMatched } = verdict;
  return [dollars(verdict.amount), winner && `${winner.by} ${winner.path}`, ...alsoMatched];
}

const SERVICE = { service_id: '5462c7eb76fefd217d333552', fallback_price: 3 };

describe('compilePricing', () => {
  it.each<[name: string, levels: Levels, lead: Parameters<typeof decide>[1], price: unknown[]]>([
    ['no level has a price', {}, {}, [0, null]],
    [
      'the last match wins',
      { flow: { pricing: { prices: [price(1), price(2, 'TX'), price(3, 'CA')] } } },
      { state: 'TX' },
      [2, 'rule pricing.prices.1', 'pricing.prices.0'],
    ],
    [
      'flow before source',
      { flow: { pricing: { prices: [price(1)] } }, source: { pricing: { prices: [price(2)] } } },
      {},
      [1, 'rule pricing.prices.0'],
    ],
    [
      'source where no flow price matches',
      { flow: { pricing: { prices: [price(1, 'TX')] } }, source: { pricing: { prices: [price(2.5)] } } },
      { state: 'FL' },
      [2.5, 'rule sources.0.pricing.prices.0'],
    ],
    [
      'no match anywhere',
      { flow: { pricing: { prices: [price(1, 'TX')] } }, source: { pricing: { prices: [] } } },
      {},
      [0, null],
    ],
    [
      'override takes the offer',
      { source: { pricing: { override: true, prices: [] } } },
      { offered: '1.25' },
      [1.25, 'override sources.0.pricing'],
    ],
    [
      'override takes a rich number',
      { source: { pricing: { override: true, prices: null } } },
      { offered: Object(4) },
      [4, 'override sources.0.pricing'],
    ],
    [
      'override without an offer is 0 and ends the search',
      { flow: { pricing: { override: true } }, source: { pricing: { prices: [price(2)] } } },
      {},
      [0, 'override pricing'],
    ],
    ['a negative offer is 0', { flow: { pricing: { override: true } } }, { offered: -1 }, [0, 'override pricing']],
    [
      'a hostile offer is 0',
      { flow: { pricing: { override: true } } },
      { offered: { valueOf: 'x' } },
      [0, 'override pricing'],
    ],
    [
      'a service is asked before all else of its level',
      { flow: { pricing: { prices: [price(9)] }, service: SERVICE } },
      { answer: 4.5 },
      [4.5, 'service pricing_service'],
    ],
    ['a service may say 0', { flow: { service: SERVICE } }, { answer: 0 }, [0, 'service pricing_service']],
    [
      'its fallback',
      { flow: { service: SERVICE }, source: { pricing: { prices: [price(2)] } } },
      {},
      [3, 'fallback pricing_service'],
    ],
    [
      'a service of the source after the rules of the flow',
      { flow: { pricing: { prices: [price(1, 'TX')] } }, source: { service: SERVICE } },
      { answer: 7 },
      [7, 'service sources.0.pricing_service'],
    ],
    [
      'a service of the source is not asked when the flow has a price',
      { flow: { pricing: { prices: [price(1)] } }, source: { service: SERVICE } },
      { answer: 7 },
      [1, 'rule pricing.prices.0'],
    ],
    ['amounts are exact', { flow: { pricing: { prices: [price(0.1 + 0.2)] } } }, {}, [0.3, 'rule pricing.prices.0']],
  ])('%s', (_name, levels, lead, expected) => {
    expect(decide(levels, lead)).toEqual(expected);
  });

  it.each<[name: string, levels: Levels, path: string, message: RegExp]>([
    [
      'a price of nothing',
      { flow: { pricing: { prices: [price(1), price(0)] } } },
      'pricing.prices.1.amount',
      /above 0/,
    ],
    [
      'a negative price',
      { source: { pricing: { prices: [price(-1)] } } },
      'sources.0.pricing.prices.0.amount',
      /above 0/,
    ],
    [
      'a price in text',
      { flow: { pricing: { prices: [price('5')] } } },
      'pricing.prices.0.amount',
      /amount in dollars/,
    ],
    [
      'more than the maximum',
      { flow: { pricing: { prices: [price(1_000_001)] } } },
      'pricing.prices.0.amount',
      /at most 1000000/,
    ],
    ['no price', { flow: { pricing: { prices: [null] } } }, 'pricing.prices.0.amount', /amount/],
    ['no list', { flow: { pricing: { prices: {} } } }, 'pricing.prices', /list/],
    [
      'override with prices',
      { flow: { pricing: { override: true, prices: [price(1)] } } },
      'pricing.prices',
      /override/,
    ],
    [
      'a broken rule',
      { flow: { pricing: { prices: [{ amount: 1, rule_set: { op: 'and', rules: [{}] } }] } } },
      'pricing.prices.0.rule_set.rules.0.op',
      /operator/,
    ],
    ['no fallback price', { flow: { service: { service_id: 'a' } } }, 'pricing_service.fallback_price', /from 0/],
    ['no service', { source: { service: { fallback_price: 0 } } }, 'sources.0.pricing_service.service_id', /id/],
  ])('reports to the author: %s', (_name, levels, path, message) => {
    const { problems } = compile(levels);
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.message).toMatch(message);
  });
});
