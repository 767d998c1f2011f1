import { finish, type Sliced } from '../lib/slices.ts';
import { DOLLARS_MAX, exactMoneyFrom, isPriceGiven, type Money, moneyFrom, NO_MONEY } from '../model/money.ts';
import type { Price, Pricing, PricingServiceConfiguration } from '../model/pricing.ts';
import type { Problem } from '../model/problem.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import type { RuleTrace } from '../rules/compile-rule.ts';
import { compileRuleSetInSlices, type RuleProgram } from '../rules/compile-rule-set.ts';
import type { LabelOf } from '../rules/label.ts';
import type { RuleCatalogue } from '../rules/rule-catalogue.ts';

/** Prices of one level at most: all of them are evaluated for every lead. */
export const PRICES_MAX = 1_000;

/** One place that may have prices: the flow, a source, or a recipient step. */
export interface PricingLevel {
  name: 'flow' | 'source' | 'recipient';
  /** Where the level stands in the document: `sources.0`; empty for the flow itself. */
  path: string;
  pricing?: Pricing | null | undefined;
  /** Only flows and sources have one. */
  pricingService?: PricingServiceConfiguration | null | undefined;
}

export interface PricingCompileOptions {
  labelOf: LabelOf;
  catalogue: RuleCatalogue;
  problems: Problem[];
}

export interface PricingProgram {
  /** `offered`: the price the sender submitted, or on a recipient step the one the recipient answered. */
  evaluate(lead: PricedLead): PricingDecision;
  /** Of a step with `override`: the most that is booked of the price its recipient answers. null: all of it is. */
  maximumPrice: Money | null;
  /** The variable paths the price rules read. */
  variables: readonly string[];
}

export interface PricedLead {
  vars: Vars;
  ctx: EvaluationContext;
  offered: unknown;
  trace?: RuleTrace;
}

export type PricingDecision =
  | { kind: 'priced'; verdict: PriceVerdict }
  /** A service has the word; `priceByService` makes a verdict of its answer. */
  | { kind: 'ask-service'; service: NamedService };

/** A pricing service as a level names it. */
export interface NamedService {
  level: 'flow' | 'source';
  path: string;
  serviceId: string;
  fallback: Money;
}

export interface PriceVerdict {
  amount: Money;
  /**
   * Whose price it is; null: no owner, so it is 0. Of a post that names a ping the path is `ping`: the lead costs what its
   * ping said. Of a ping that bids price it is that of the distribution.
   */
  winner: {
    level: PricingLevel['name'];
    by: 'rule' | 'override' | 'service' | 'fallback' | 'ping' | 'bid';
    path: string;
  } | null;
  /** Paths of the prices that matched too and lost to a later one. */
  alsoMatched: readonly string[];
  /** A price was offered that could not be read, so nothing is booked. Absent: no. */
  isUnreadable?: true;
  /** The price offered was above the maximum price, which is booked instead. Absent: no. */
  isLimited?: true;
}

/**
 * Prices from their document form (decision 2). Levels are asked in order, flow before source. A level with a pricing
 * service uses only that, and one with `override` the offered price; both end the search. Of a level's price rules the
 * last that matches wins; when none does, the next level is asked. Without an owner the price is 0.
 */
export function compilePricing(levels: readonly PricingLevel[], options: PricingCompileOptions): PricingProgram {
  return finish(compilePricingInSlices(levels, options));
}

/** The same as work that pauses behind each rule. */
export function* compilePricingInSlices(
  levels: readonly PricingLevel[],
  options: PricingCompileOptions,
): Sliced<PricingProgram> {
  const variables = new Set<string>();
  const deciders: Decider[] = [];
  let maximumPrice: Money | null = null;
  for (const level of levels) {
    maximumPrice ??= compileMaximumPrice(level, options);
    deciders.push(yield* compileLevel(level, { ...options, variables, maximumPrice }));
  }
  return {
    maximumPrice,
    variables: [...variables],
    evaluate(lead) {
      for (const decide of deciders) {
        const decision = decide(lead);
        if (decision !== null) return decision;
      }
      return UNPRICED;
    },
  };
}

/** The verdict for a lead that redeems a ping: what was promised, whatever the prices are by now. */
export function priceByPing(amount: Money): PriceVerdict {
  return { amount, winner: { level: 'source', by: 'ping', path: 'ping' }, alsoMatched: [] };
}

/** The verdict for a ping that bids price; `path`: of the distribution. */
export function priceByBid(amount: Money, path: string): PriceVerdict {
  return { amount, winner: { level: 'flow', by: 'bid', path }, alsoMatched: [] };
}

/** The verdict from what a pricing service answered; null: it gave no price, so the fallback price stands. */
export function priceByService({ level, path, fallback }: NamedService, amount: Money | null): PriceVerdict {
  const by = amount === null ? 'fallback' : 'service';
  return { amount: amount ?? fallback, winner: { level, by, path }, alsoMatched: [] };
}

const UNPRICED: PricingDecision = {
  kind: 'priced',
  verdict: { amount: NO_MONEY, winner: null, alsoMatched: [] },
};

/** null: this level has no price for the lead. */
type Decider = (lead: PricedLead) => PricingDecision | null;

interface Compiler extends PricingCompileOptions {
  variables: Set<string>;
  maximumPrice: Money | null;
}

/** What a sender asks is known before anything is limited, and the price of a rule is written down: neither needs a bound. */
function compileMaximumPrice({ name, path, pricing }: PricingLevel, { problems }: PricingCompileOptions): Money | null {
  const written = pricing?.maximum_price;
  if (written === null || written === undefined) return null;
  const at = path === '' ? 'pricing.maximum_price' : `${path}.pricing.maximum_price`;
  if (name !== 'recipient' || pricing?.override !== true) {
    problems.push({ path: at, message: NO_MAXIMUM_PRICE });
    return null;
  }
  const maximum = exactMoneyFrom(written, DOLLARS_MAX);
  if (maximum !== undefined && maximum > 0) return maximum;
  const message = `The maximum price is an amount in dollars above 0, at most ${DOLLARS_MAX}, with up to four decimals.`;
  problems.push({ path: at, message });
  return null;
}

const NO_MAXIMUM_PRICE =
  'A maximum price bounds what a recipient answers: it belongs to a recipient step with "override". Remove it here.';

const NO_PRICE: Decider = () => null;

function* compileLevel(level: PricingLevel, compiler: Compiler): Sliced<Decider> {
  const prefix = level.path === '' ? '' : `${level.path}.`;
  const rules = yield* compilePricingRules(level, { path: `${prefix}pricing`, compiler });
  const { name, pricingService } = level;
  if (name === 'recipient' || pricingService === null || pricingService === undefined) return rules;
  return compileService(pricingService, { level: name, path: `${prefix}pricing_service`, compiler });
}

function compileService(
  { service_id, fallback_price }: PricingServiceConfiguration,
  { level, path, compiler }: { level: NamedService['level']; path: string; compiler: Compiler },
): Decider {
  const fallback = typeof fallback_price === 'number' ? moneyFrom(fallback_price) : undefined;
  if (fallback === undefined) {
    const message = `The fallback price is an amount in dollars from 0 to ${DOLLARS_MAX}.`;
    compiler.problems.push({ path: `${path}.fallback_price`, message });
  }
  if (typeof service_id !== 'string' || service_id === '') {
    compiler.problems.push({ path: `${path}.service_id`, message: 'Name the pricing service by its id.' });
  }
  const service = { level, path, serviceId: service_id ?? '', fallback: fallback ?? NO_MONEY };
  const decision: PricingDecision = { kind: 'ask-service', service };
  return () => decision;
}

function* compilePricingRules(
  { name, pricing }: PricingLevel,
  { path, compiler }: { path: string; compiler: Compiler },
): Sliced<Decider> {
  if (pricing === null || pricing === undefined) return NO_PRICE;
  const prices = pricing.prices ?? [];
  if (!Array.isArray(prices)) {
    compiler.problems.push({ path: `${path}.prices`, message: 'The prices are a list.' });
    return NO_PRICE;
  }
  if (pricing.override === true) {
    if (prices.length > 0) {
      const message = 'With "override" the price comes from the other side: remove the prices, or turn "override" off.';
      compiler.problems.push({ path: `${path}.prices`, message });
    }
    return overrideDecider(name, { path, maximumPrice: compiler.maximumPrice });
  }
  if (prices.length > PRICES_MAX) {
    compiler.problems.push({
      path: `${path}.prices`,
      message: `There are more than ${PRICES_MAX} prices: remove some.`,
    });
    return NO_PRICE;
  }
  const compiled: CompiledPrice[] = [];
  for (const [index, price] of prices.entries())
    compiled.push(yield* compilePrice(price, { path: `${path}.prices.${index}`, compiler }));
  return lastMatchDecider(name, compiled);
}

function overrideDecider(
  level: PricingLevel['name'],
  { path, maximumPrice }: { path: string; maximumPrice: Money | null },
): Decider {
  const winner = { level, by: 'override', path } as const;
  return ({ offered }) => {
    const amount = moneyFrom(offered);
    if (amount !== undefined && maximumPrice !== null && amount > maximumPrice) {
      return { kind: 'priced', verdict: { amount: maximumPrice, winner, alsoMatched: [], isLimited: true } };
    }
    const verdict = { amount: amount ?? NO_MONEY, winner, alsoMatched: [] };
    if (amount !== undefined || !isPriceGiven(offered)) return { kind: 'priced', verdict };
    return { kind: 'priced', verdict: { ...verdict, isUnreadable: true } };
  };
}

interface CompiledPrice {
  amount: Money;
  path: string;
  rules: RuleProgram;
}

function* compilePrice(
  price: Price | null,
  { path, compiler }: { path: string; compiler: Compiler },
): Sliced<CompiledPrice> {
  const amount = typeof price?.amount === 'number' ? moneyFrom(price.amount) : undefined;
  if (amount === undefined || amount <= 0) {
    const message = `A price is an amount in dollars above 0, at most ${DOLLARS_MAX}; a lead no price matches costs 0.`;
    compiler.problems.push({ path: `${path}.amount`, message });
  }
  const rules = yield* compileRuleSetInSlices(price?.rule_set, { ...compiler, path: `${path}.rule_set` });
  for (const variable of rules.variables) compiler.variables.add(variable);
  return { amount: amount ?? NO_MONEY, path, rules };
}

/** All prices are evaluated, so that the explanation shows which others matched. */
function lastMatchDecider(level: PricingLevel['name'], prices: readonly CompiledPrice[]): Decider {
  return ({ vars, ctx, trace }) => {
    const matching = prices.filter((price) => price.rules.evaluate(vars, ctx, trace).passed);
    const last = matching.pop();
    if (last === undefined) return null;
    const winner = { level, by: 'rule', path: last.path } as const;
    const alsoMatched = matching.map((price) => price.path);
    return { kind: 'priced', verdict: { amount: last.amount, winner, alsoMatched } };
  };
}
