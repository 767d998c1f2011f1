import { candidateGroupOf } from '../model/candidate-group.ts';
import type { Candidate, DistributionMethodName, DistributionStep } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Distributions whose shares do not say what they seem to. */
export function distributionShares({ document }: LintContext): Problem[] {
  return document.steps.flatMap((step, index) =>
    step.type === 'distribution' && step.enabled !== false ? judge(step, `steps.${index}`) : [],
  );
}

function judge(step: DistributionStep, path: string): Problem[] {
  const enabled = step.recipients.filter((candidate) => candidate.enabled !== false);
  return [
    ...judgeNumber(step, { enabled, path }),
    ...judgeShares(step, { enabled, path }),
    ...listUnread(step, path),
    ...findNeverOffered(step, path),
  ];
}

interface Judged {
  enabled: readonly Candidate[];
  path: string;
}

function judgeNumber({ recipients, max_sales: maxSales }: DistributionStep, { enabled, path }: Judged): Problem[] {
  const problems: Problem[] = [];
  if (enabled.length === 0) {
    const message = 'None of its recipients is enabled, so it sells no lead: enable one, or remove the step.';
    problems.push({ path: `${path}.recipients`, message });
  }
  if (enabled.length === 1) {
    const message =
      'There is nothing to distribute: only one recipient is enabled. Add others, or make it a recipient step.';
    problems.push({ path: `${path}.recipients`, message });
  }
  if (maxSales !== undefined && maxSales > recipients.length) {
    const message = `A lead can be sold ${recipients.length} times at most, because there are no more recipients: lower it, or add recipients.`;
    problems.push({ path: `${path}.max_sales`, message });
  }
  return problems;
}

function judgeShares({ method }: DistributionStep, { enabled, path }: Judged): Problem[] {
  return listGroups(enabled).flatMap((group) => {
    const message =
      method === 'weighted'
        ? judgeWeights(group, { isAlone: enabled.length === 1 })
        : method === 'percentage'
          ? judgePercentages(group)
          : null;
    return message === null ? [] : [{ path: `${path}.recipients`, message }];
  });
}

/** Turns are shared within a group alone. */
function listGroups(enabled: readonly Candidate[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of enabled) {
    const name = candidateGroupOf(candidate);
    groups.set(name, [...(groups.get(name) ?? []), candidate]);
  }
  return [...groups.values()];
}

const ONLY_WEIGHT =
  'The weight of the only recipient is 0, and it is offered each lead all the same: give it a weight, or disable it.';

function judgeWeights(group: readonly Candidate[], { isAlone }: { isAlone: boolean }): string | null {
  if (group.some(({ weight }) => weight !== 0)) return null;
  // Alone in a tier behind others it is where the advice about a weight of 0 sends it.
  if (group.length === 1) return isAlone ? ONLY_WEIGHT : null;
  return `All weights of ${nameGroup(group)} are 0, so these recipients take turns as if they were equal: give them weights, or use round_robin.`;
}

function judgePercentages(group: readonly Candidate[]): string | null {
  const sum = group.reduce((total, { percentage = 0 }) => total + percentage, 0);
  if (Math.abs(sum - 100) < CLOSE_TO_100) return null;
  const effect =
    sum === 0 ? 'these recipients take turns as if they were equal' : 'the sales are shared out in proportion to them';
  return `The percentages of ${nameGroup(group)} are ${Number(sum.toFixed(4))} together and not 100, so ${effect}: make them 100.`;
}

/** `tier 1`, `the exclusive recipients of tier 1` */
function nameGroup([first]: readonly Candidate[]): string {
  const tier = `tier ${first?.tier ?? 1}`;
  return first?.exclusive ? `the exclusive recipients of ${tier}` : tier;
}

/** Thirds of 100 do not sum to it. */
const CLOSE_TO_100 = 0.1;

/** Which methods read a property of a candidate. */
const READ_BY: Readonly<Record<'weight' | 'percentage' | 'priority' | 'bid', DistributionMethodName>> = {
  bid: 'highest_bid',
  weight: 'weighted',
  percentage: 'percentage',
  priority: 'priority',
};

/** Settings of the step that `highest_bid` alone reads. */
const OF_AUCTIONS = ['bid_timeout_ms', 'minimum_price', 'margin_floor', 'bids_price_pings'] as const;

function listUnread(step: DistributionStep, path: string): Problem[] {
  const { method, recipients } = step;
  const settings = method === 'highest_bid' ? [] : OF_AUCTIONS.filter((name) => Object.hasOwn(step, name));
  const unread = settings.map((name) => ({ path: `${path}.${name}`, message: buildUnread(method, 'highest_bid') }));
  return [...unread, ...listUnreadOfCandidates({ method, recipients }, path)];
}

function buildUnread(method: DistributionMethodName, reader: DistributionMethodName): string {
  return `It has no effect with the method ${method}: use ${reader}, or remove it.`;
}

function listUnreadOfCandidates(
  { method, recipients }: Pick<DistributionStep, 'method' | 'recipients'>,
  path: string,
): Problem[] {
  return Object.entries(READ_BY).flatMap(([name, reader]) => {
    if (method === reader) return [];
    const place = recipients.findIndex((candidate) => Object.hasOwn(candidate, name));
    if (place === -1) return [];
    return [{ path: `${path}.recipients.${place}.${name}`, message: buildUnread(method, reader) }];
  });
}

/** A part of 0 is offered only what the others of its group do not take. */
function findNeverOffered({ method, recipients }: DistributionStep, path: string): Problem[] {
  if (method !== 'weighted' && method !== 'percentage') return [];
  const name = method === 'weighted' ? 'weight' : 'percentage';
  return recipients.flatMap((candidate, place) => {
    if (candidate.enabled === false || candidate[name] !== 0) return [];
    const group = candidateGroupOf(candidate);
    const others = recipients.some(
      (other) => other.enabled !== false && candidateGroupOf(other) === group && (other[name] ?? 1) > 0,
    );
    if (!others) return [];
    const message =
      'It is offered a lead only when none of the others of its tier takes it: give it a share, or move it to a tier of its own.';
    return [{ path: `${path}.recipients.${place}.${name}`, message }];
  });
}
