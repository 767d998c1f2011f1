import { formatSpan } from './format-time.ts';
import { instantOfWallTime, wallTimeOf } from './wall-time.ts';

/** Time frames of numbers, by the names that the API has for them (`timeframe` of statistics and reports). Days are of the account's zone. */
export const FRAMES = {
  today: { label: 'Today', days: [0, 1], against: 'previous_week' },
  yesterday: { label: 'Yesterday', days: [-1, 0], against: 'previous_week' },
  this_7_days: { label: 'Last 7 days', days: [-6, 1], against: 'previous_week' },
  previous_1_weeks: { label: 'Last week, Monday to Sunday', days: null, against: 'previous_week' },
  this_30_days: { label: 'Last 30 days', days: [-29, 1], against: 'previous_period' },
  this_1_months: { label: 'This month', days: null, against: 'previous_month' },
  previous_1_months: { label: 'Last month', days: null, against: 'previous_month' },
} as const satisfies Record<string, { label: string; days: readonly [number, number] | null; against: Comparison }>;

export type FrameName = keyof typeof FRAMES;
export type Comparison = 'previous_period' | 'previous_week' | 'previous_month' | 'previous_year';
export const FRAME_NAMES = Object.keys(FRAMES) as readonly FrameName[]; // the keys are the names

/** Of an address: a frame by its name, or from one day to another, both included. */
export interface FrameSearch {
  range?: FrameName;
  start?: string;
  end?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** What means nothing is left out; days without each other, too. */
export function readFrameSearch(search: Readonly<Record<string, unknown>>): FrameSearch {
  const { range, start, end } = search;
  const name = FRAME_NAMES.find((each) => each === range);
  if (name !== undefined) return { range: name };
  return isDay(start) && isDay(end) && start <= end ? { start, end } : {};
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

/** Epoch ms, the end excluded. A frame that is under way ends now. */
export interface ResolvedFrame {
  start: number;
  end: number;
  /** Is it still growing? */
  isOpen: boolean;
  label: string;
  /** What it is usually compared with. */
  against: Comparison;
}

/** The instants of a frame in a zone; without one in the address that of `fallback`. */
export function resolveFrame(
  search: FrameSearch,
  { now, zone, fallback = 'today' }: { now: number; zone: string; fallback?: FrameName },
): ResolvedFrame {
  const today = wallTimeOf(now, zone).slice(0, 10);
  const midnight = (day: string) => instantOfWallTime(`${day}T00:00`, zone) ?? now;
  if (search.start !== undefined && search.end !== undefined) {
    const end = midnight(shiftDay(search.end, 1));
    const label = nameDays(search.start, search.end);
    return { ...endNow(midnight(search.start), end, now), label, against: 'previous_period' };
  }
  const name = search.range ?? fallback;
  const [first, last] = daysOf(name, today);
  return { ...endNow(midnight(first), midnight(last), now), label: FRAMES[name].label, against: FRAMES[name].against };
}

/** `Oct 31 to Nov 1, 2026`, of calendar days. */
export function nameDays(start: string, end: string): string {
  return formatSpan(new Date(start), new Date(Date.parse(end) + DAY_MS - 1), 'UTC');
}

function endNow(start: number, end: number, now: number) {
  return { start, end: Math.max(start + 1_000, Math.min(end, now)), isOpen: end > now };
}

/** The first day, and the one after the last. */
function daysOf(name: FrameName, today: string): [string, string] {
  const { days } = FRAMES[name];
  if (days !== null) return [shiftDay(today, days[0]), shiftDay(today, days[1])];
  if (name === 'previous_1_weeks') {
    const monday = shiftDay(today, -((new Date(today).getUTCDay() + 6) % 7));
    return [shiftDay(monday, -7), monday];
  }
  const month = `${today.slice(0, 7)}-01`;
  const before = `${shiftDay(month, -1).slice(0, 7)}-01`;
  const after = `${shiftDay(month, 31).slice(0, 7)}-01`;
  return name === 'this_1_months' ? [month, after] : [before, month];
}

/** A calendar day, some days later. */
function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How long a bar of a chart is, so that there are at most some hundred. */
export function chooseInterval({ start, end }: Pick<ResolvedFrame, 'start' | 'end'>): 'hourly' | 'daily' | 'weekly' {
  const days = (end - start) / DAY_MS;
  if (days <= 3) return 'hourly';
  return days <= 100 ? 'daily' : 'weekly';
}

/** Parameters of statistics: instants, the last second included. */
export function askedFrame({ start, end }: Pick<ResolvedFrame, 'start' | 'end'>): { start: string; end: string } {
  return { start: new Date(start).toISOString(), end: new Date(end - 1).toISOString() };
}
