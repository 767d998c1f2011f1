import type { Candidate, DistributionMethodName, DistributionStep } from '../../../../src/model/flow.ts';

/** The methods in the order of the reference, with what each does. */
export const METHODS: Readonly<Record<DistributionMethodName, { label: string; does: string }>> = {
  waterfall: {
    label: 'One after the other',
    does: 'Recipients are offered the lead in the order of the list, until it is sold.',
  },
  priority: {
    label: 'By priority',
    does: 'The recipient with the highest priority is offered the lead first; equal ones in the order of the list.',
  },
  round_robin: {
    label: 'In turn',
    does: 'Recipients take turns: all get the same number of offers. An offer that is refused uses its turn.',
  },
  weighted: {
    label: 'In turn by weight',
    does: 'Recipients take turns by their weight: weights 7, 2 and 1 get 70, 20 and 10 of 100 offers.',
  },
  percentage: {
    label: 'By percentage of the sales',
    does: 'Recipients take turns by their part of the sales. An offer that is refused does not count.',
  },
  send_all: {
    label: 'To all',
    does: 'Every recipient is offered the lead in the order of the list, up to the most sales.',
  },
  highest_bid: {
    label: 'To the highest bid',
    does: 'Recipients are asked for their bids at once. The highest bid gets the lead at its bid; if it is refused, the next one.',
  },
};

/** `In turn by weight to 3 recipients, sold once`. */
export function describeDistribution(step: DistributionStep): string {
  const { recipients = [], method } = step;
  const label = METHODS[method]?.label ?? method;
  const count = recipients.length === 1 ? '1 recipient' : `${recipients.length} recipients`;
  return `${label} to ${count}, ${describeSales(step)}`;
}

function describeSales({ method, max_sales: most }: DistributionStep): string {
  if (most === undefined) return method === 'send_all' ? 'sold to all that take it' : 'sold once';
  return most === 1 ? 'sold once' : `sold up to ${most} times`;
}

/** What a recipient is called in the list. */
export function nameOfCandidate({ description, entity, key }: Candidate, index: number): string {
  return description || entity?.name || key || `Recipient ${index + 1}`;
}

/**
 * The part of the turns that each recipient has, of 100, among those of its tier and kind (exclusive ones are offered first);
 * null: the method has no turns, or the recipient has no part in them.
 */
export function sharesOf({ method, recipients }: DistributionStep): (number | null)[] {
  if (method !== 'weighted' && method !== 'percentage' && method !== 'round_robin') return recipients.map(() => null);
  const partOf = (candidate: Candidate): number => {
    if (candidate.enabled === false) return 0;
    if (method === 'round_robin') return 1;
    return method === 'weighted' ? (candidate.weight ?? 1) : (candidate.percentage ?? 0);
  };
  const sums = new Map<string, number>();
  for (const candidate of recipients)
    sums.set(groupOf(candidate), (sums.get(groupOf(candidate)) ?? 0) + partOf(candidate));
  return recipients.map((candidate) => {
    const sum = sums.get(groupOf(candidate)) ?? 0;
    return sum === 0 ? null : (partOf(candidate) / sum) * 100;
  });
}

/** `33.3 %`: one decimal where there is one. */
export function formatShare(share: number): string {
  return `${share.toLocaleString('en-US', { maximumFractionDigits: 1 })} %`;
}

/** What the shares of the recipients add up to, of each tier, in words; of methods without shares nothing. */
export function describeSums(step: DistributionStep): string[] {
  const { method, recipients } = step;
  if (method !== 'weighted' && method !== 'percentage') return [];
  const sums = new Map<string, number>();
  for (const candidate of recipients.filter(({ enabled }) => enabled !== false)) {
    const part = method === 'weighted' ? (candidate.weight ?? 1) : (candidate.percentage ?? 0);
    // In ten-thousandths, so that 33.4 and 33.3 and 33.3 are 100.
    sums.set(groupOf(candidate), (sums.get(groupOf(candidate)) ?? 0) + Math.round(part * 10_000));
  }
  return [...sums].map(([group, units]) => {
    const sum = (units / 10_000).toLocaleString('en-US');
    const where = sums.size === 1 ? '' : ` of tier ${group}`;
    if (method === 'weighted') return `The weights${where} add up to ${sum}.`;
    const rest = units === 1_000_000 ? '' : ' Parts are in relation to this sum, so they need not add up to 100.';
    return `The percentages${where} add up to ${sum} %.${rest}`;
  });
}

/** Recipients that share their turns: those of a tier, the exclusive ones apart. */
function groupOf({ tier = 1, exclusive }: Candidate): string {
  return exclusive === true ? `${tier} (exclusive)` : String(tier);
}
