import { dateFormatter } from './formatter.ts';
import { listRoundTimes, type Span, type Step } from './round-times.ts';

/** A time below a chart. */
export interface Tick {
  /** Epoch ms. */
  at: number;
  /** Where it is, px. */
  x: number;
  /** The middle of its label, px: moved from `x` where the label would be cut. */
  labelX: number;
  /** `06:00`, at midnight `Nov 21`; `Nov`, in January `Jan 2027`. */
  label: string;
}

interface Axis {
  zone: string;
  /** Of the plot, px. */
  width: number;
  /** Where an instant is, px. */
  placeOf: (at: number) => number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Each step with the shortest span that has it, from the finest. A longer span may have a coarser one. */
const STEPS: readonly { step: Step; from: number }[] = [
  { step: { count: 1, unit: 'minute' }, from: 0 },
  { step: { count: 5, unit: 'minute' }, from: HOUR_MS / 6 },
  { step: { count: 15, unit: 'minute' }, from: HOUR_MS },
  { step: { count: 30, unit: 'minute' }, from: 2 * HOUR_MS },
  { step: { count: 1, unit: 'hour' }, from: 3 * HOUR_MS },
  { step: { count: 3, unit: 'hour' }, from: 9 * HOUR_MS },
  { step: { count: 6, unit: 'hour' }, from: 18 * HOUR_MS },
  { step: { count: 12, unit: 'hour' }, from: 2 * DAY_MS },
  { step: { count: 1, unit: 'day' }, from: 4 * DAY_MS },
  { step: { count: 2, unit: 'day' }, from: 15 * DAY_MS },
  { step: { count: 1, unit: 'week' }, from: 32 * DAY_MS },
  { step: { count: 2, unit: 'week' }, from: 100 * DAY_MS },
  { step: { count: 1, unit: 'month' }, from: 150 * DAY_MS },
  { step: { count: 3, unit: 'month' }, from: 750 * DAY_MS },
  { step: { count: 12, unit: 'month' }, from: 2_000 * DAY_MS },
];

/** Of a character in 12 px, rounded up; so labels are laid before they are drawn. */
const CHARACTER_WIDTH = 7;
const GAP = 12;

/** Round times of the zone within a span, of the finest step whose labels neither touch nor are cut. */
export function layTicks(span: Span, axis: Axis): Tick[] {
  const length = span.end - span.start;
  const allowed = STEPS.filter((_, place) => (STEPS[place + 1]?.from ?? Number.POSITIVE_INFINITY) > length);
  let finest: Tick[] = [];
  for (const { step } of allowed) {
    const ticks = listRoundTimes(span, step, axis.zone).map((at) => layTick(at, step, axis));
    if (ticks.length > 0 && finest.length === 0) finest = ticks;
    if (ticks.length > 0 && ticks.every((tick, place) => isApart(ticks[place - 1], tick))) return ticks;
  }
  return dropTouching(finest);
}

function layTick(at: number, step: Step, { zone, width, placeOf }: Axis): Tick {
  const x = placeOf(at);
  const label = labelOf(at, step, zone);
  const half = widthOf(label) / 2;
  return { at, x, labelX: Math.max(half, Math.min(width - half, x)), label };
}

function widthOf(label: string): number {
  return label.length * CHARACTER_WIDTH;
}

function isApart(before: Tick | undefined, tick: Tick): boolean {
  if (before === undefined) return true;
  return tick.labelX - before.labelX >= (widthOf(before.label) + widthOf(tick.label)) / 2 + GAP;
}

/** Where no step fits: those that do, from the first. */
function dropTouching(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) if (isApart(kept.at(-1), tick)) kept.push(tick);
  return kept;
}

function labelOf(at: number, { count, unit }: Step, zone: string): string {
  const of = (options: Intl.DateTimeFormatOptions) => dateFormatter({ timeZone: zone, ...options }).format(at);
  switch (unit) {
    case 'minute':
    case 'hour': {
      const time = of({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
      return time === '00:00' ? of({ month: 'short', day: 'numeric' }) : time;
    }
    case 'day':
    case 'week':
      return of({ month: 'short', day: 'numeric' });
    case 'month': {
      if (count >= 12) return of({ year: 'numeric' });
      const isJanuary = of({ month: 'numeric' }) === '1';
      return of({ month: 'short', ...(isJanuary && { year: 'numeric' }) });
    }
  }
}

/** Where an instant is between places that are equally far apart, as bars are, each at the instant it begins. */
export function placeAmong(starts: readonly number[], step: number): (at: number) => number {
  return (at) => {
    const after = starts.findIndex((start) => start > at);
    const place = after < 0 ? starts.length - 1 : Math.max(0, after - 1);
    const [start = at, next] = [starts[place], starts[place + 1]];
    if (next === undefined) return place * step;
    return (place + (at - start) / (next - start)) * step;
  };
}
