import type { ComparedNumbers, Numbers } from '../api/overview.ts';
import { formatChange, formatCount, formatShare, shareOf } from './format-number.ts';
import { listSearchOf } from './frame-links.ts';
import type { Tile } from './Tiles.tsx';
import type { ResolvedFrame } from './time-frames.ts';

const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** What came in and what it brought, each with what is behind it. Profit has no list: it is made of the two before. */
export function listTiles({ now, before }: ComparedNumbers, frame: ResolvedFrame, flowId?: string): Tile[] {
  const filter = flowId === undefined ? {} : { flow_id: [flowId] };
  const to = (path: string, more = {}) => ({ to: path, search: listSearchOf(frame, { ...filter, ...more }) });
  const money = (name: 'cost' | 'revenue' | 'profit') => ({
    ...{ key: name, name: NAMES[name], value: DOLLARS.format(now[name]) },
    change: describe(formatChange(now[name], before[name]), DOLLARS.format(before[name])),
  });
  const [rate, earlier] = [now, before].map(acceptRateOf);
  return [
    {
      ...{ key: 'submitted', name: NAMES.submitted, value: formatCount(now.submitted) },
      change: describe(formatChange(now.submitted, before.submitted), formatCount(before.submitted)),
      ...to('/leads'),
    },
    {
      ...{ key: 'accepted', name: NAMES.accepted, value: formatShare(rate ?? null) },
      change: describe(
        differenceOf(rate, earlier),
        earlier === null || earlier === undefined ? 'none' : formatShare(earlier),
      ),
      ...to('/leads', { outcome: ['success'] }),
    },
    { ...money('cost'), ...to('/events', { type: ['source'], outcome: ['success'] }) },
    { ...money('revenue'), ...to('/events', { type: ['recipient', 'retry'], outcome: ['success'] }) },
    money('profit'),
  ];
}

const NAMES = {
  submitted: 'Submitted',
  accepted: 'Accept rate',
  cost: 'Cost',
  revenue: 'Revenue',
  profit: 'Profit',
} as const;

function acceptRateOf({ success, failure, error }: Numbers): number | null {
  return shareOf(success, success + failure + error);
}

function differenceOf(rate: number | null | undefined, earlier: number | null | undefined): string | null {
  if (rate === null || rate === undefined || earlier === null || earlier === undefined) return null;
  const points = Math.round((rate - earlier) * 1_000) / 10;
  if (points === 0) return 'no change';
  return `${points > 0 ? '+' : '−'}${Math.abs(points)} points`;
}

function describe(change: string | null, before: string): string {
  // A number stays in one line, and "before" with it.
  const [number, earlier] = [change, `${before} before`].map((text) => text?.replaceAll(' ', '\u00a0'));
  return change === null ? `${earlier}` : `${number}, ${earlier}`;
}

/** What the numbers are compared with, in words. */
export function describeComparison({ against, isOpen, label }: ResolvedFrame): string {
  const until = isOpen ? ', up to the same time' : '';
  switch (against) {
    case 'previous_week':
      return label === 'Today' || label === 'Yesterday'
        ? `the same day a week before${until}`
        : `the week before${until}`;
    case 'previous_month':
      return `the month before${until}`;
    case 'previous_year':
      return `the year before${until}`;
    case 'previous_period':
      return 'as much time right before';
  }
}
