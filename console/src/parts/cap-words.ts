import type { CapCounter } from '../../../client/src/client.ts';
import { formatCount } from './format-number.ts';
import { formatShortTime } from './format-time.ts';

/** Where words about time come from. */
export interface ZonedNow {
  /** Epoch ms. */
  now: number;
  zone: string;
}

type Counter = Pick<CapCounter, 'maximum' | 'count' | 'held' | 'forecast' | 'expires_at'>;

/** From 0 to 1: places of leads under way are taken, too. A cap of 0 is full. */
export function fullnessOf({ maximum, count, held }: Pick<Counter, 'maximum' | 'count' | 'held'>): number {
  return maximum <= 0 ? 1 : Math.min(1, (count + held) / maximum);
}

/** What it is: `full until 00:00`, `full at 14:20`, `80 % full at 00:00`; where nothing can be foretold, how full it is now. */
export function describeFilling(cap: Counter, { now, zone }: ZonedNow): string {
  const short = (iso: string) => formatShortTime(new Date(iso), { zone, now: new Date(now) });
  if (fullnessOf(cap) >= 1) return `full until ${short(cap.expires_at)}`;
  const { fills_at: fillsAt, expected_count: expected } = cap.forecast;
  if (fillsAt !== null) return `full at ${short(fillsAt)}`;
  if (expected === null) return `${formatPercent(fullnessOf(cap))} full`;
  const share = Math.min(1, expected / Math.max(cap.maximum, Number.MIN_VALUE));
  return `${formatPercent(share)} full at ${short(cap.expires_at)}`;
}

/** Whole percents; of the first place on it is not nothing. */
function formatPercent(share: number): string {
  return share > 0 && share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;
}

/** `38 of 50 leads`, `$4.50 of $10.00`. */
export function describeUse({ type, counts, count, held, maximum }: CapCounter): string {
  if (type === 'revenue') return `${dollars(count + held)} of ${dollars(maximum)}`;
  return `${formatCount(count + held)} of ${formatCount(maximum)} ${counts}`;
}

function dollars(amount: number): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(amount);
}
