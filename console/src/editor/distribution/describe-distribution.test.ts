import { expect, it } from 'vitest';
import type { Candidate, DistributionStep } from '../../../../src/model/flow.ts';
import {
  describeDistribution,
  describeSums,
  formatShare,
  METHODS,
  nameOfCandidate,
  sharesOf,
} from './describe-distribution.ts';

const to = (recipients: Partial<Candidate>[], step: Partial<DistributionStep> = {}): DistributionStep => ({
  ...{ type: 'distribution', method: 'weighted' },
  recipients: recipients.map((each) => ({ entity: {}, integration: { module_id: 'm', mappings: [] }, ...each })),
  ...step,
});

it('says method, recipients and sales', () => {
  expect(describeDistribution(to([{}, {}]))).toBe('In turn by weight to 2 recipients, sold once');
  expect(describeDistribution(to([{}], { method: 'send_all' }))).toBe(
    'To all to 1 recipient, sold to all that take it',
  );
  expect(describeDistribution(to([{}], { max_sales: 3 }))).toMatch(/sold up to 3 times$/);
});

it('shares turns out among those of a tier, the exclusive ones apart, without those that are off', () => {
  const step = to([
    { weight: 7 },
    { weight: 2 },
    {},
    { weight: 5, enabled: false },
    { tier: 2 },
    { exclusive: true, weight: 3 },
  ]);
  expect(sharesOf(step)).toEqual([70, 20, 10, 0, 100, 100]);
  expect(sharesOf(to([{}, {}], { method: 'round_robin' }))).toEqual([50, 50]);
  expect(sharesOf(to([{}, {}], { method: 'waterfall' }))).toEqual([null, null]);
  expect(formatShare(100 / 3)).toBe('33.3 %');
});

it('adds percentages up exactly, and says that they need not be 100', () => {
  const thirds = [{ percentage: 33.4 }, { percentage: 33.3 }, { percentage: 33.3 }];
  expect(describeSums(to(thirds, { method: 'percentage' }))).toEqual(['The percentages add up to 100 %.']);
  expect(describeSums(to([{ percentage: 60 }], { method: 'percentage' }))[0]).toMatch(/60 %\. Parts are in relation/);
  expect(describeSums(to([{ weight: 7 }, { tier: 2 }]))).toEqual([
    'The weights of tier 1 add up to 7.',
    'The weights of tier 2 add up to 1.',
  ]);
  expect(describeSums(to([{}], { method: 'waterfall' }))).toEqual([]);
});

it('calls a recipient by what a person wrote', () => {
  const [given] = to([{ entity: { name: 'Acme' } }]).recipients;
  if (given === undefined) throw new Error('there is one');
  expect(nameOfCandidate(given, 0)).toBe('Acme');
  expect(nameOfCandidate({ ...given, entity: {} }, 1)).toBe('Recipient 2');
  expect(Object.keys(METHODS)).toHaveLength(7);
});
