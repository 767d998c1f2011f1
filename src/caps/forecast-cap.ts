import type { CapWindow } from './cap-window.ts';

/** A window of a cap that has ended, as its counter was left. */
export interface ClosedWindow extends CapWindow {
  /** Places used, and of leads that had not ended. */
  used: number;
  /** Refused by the cap. */
  refused: number;
  /** Of this window alone; null or absent: the flow's held. */
  ownMaximum?: number | null;
}

/** Read of each cap: the last is left out, so that a week of days is what is looked at. */
export const CLOSED_WINDOWS_MAX = 8;
/** Closed windows that a forecast is made of at least. */
export const CLOSED_WINDOWS_MIN = 3;
/** Of the window that runs, before its own rate says anything: a quarter of it, and so many places wanted. */
const SHARE_ELAPSED_MIN = 0.25;
const WANTED_MIN = 10;
const MINUTE_MS = 60_000;

export interface CapForecast {
  /** What it is made of: the rate of the last closed windows, or of this one so far. null: nothing can be said. */
  basis: 'closed_windows' | 'this_window' | null;
  /** Closed windows it is made of. */
  windows: number;
  /** Places wanted by the end of the window, those that the cap would refuse included. */
  expectedCount: number | null;
  /** The same if the rest is as the slowest and the busiest of the closed windows. */
  expectedLow: number | null;
  expectedHigh: number | null;
  /** Epoch ms, to the minute; null: it is not expected to fill in this window, or nothing can be said. */
  fillsAt: number | null;
  /** Why nothing can be said, or that there is nothing to say. */
  reason: string | null;
}

export interface ForecastInput {
  now: number;
  window: CapWindow;
  maximum: number;
  /** Places used, and of leads that have not ended. */
  used: number;
  refused: number;
  /** Latest first, of the same generation; windows without leads are not among them. */
  closed: readonly ClosedWindow[];
}

/**
 * When a cap fills, from how many places were wanted in its last windows (decision page 0078): what is used, and the usual
 * rate for the rest. The rate is even within a window, because counters say nothing of its hours.
 */
export function forecastCap(input: ForecastInput): CapForecast {
  const { now, window, maximum, used } = input;
  if (maximum === 0) return silent('The cap takes no leads.');
  if (used >= maximum) return silent('The cap is full.');
  const rates = ratesOfClosed(input) ?? rateOfThis(input);
  if (!rates) return silent(TOO_LITTLE);
  const leftMs = window.endsAt - now;
  const expect = (perMs: number) => Math.round(used + perMs * leftMs);
  const fillsAt = now + (maximum - used) / rates.perMs;
  const isClosed = rates.basis === 'closed_windows';
  return {
    basis: rates.basis,
    windows: rates.windows,
    expectedCount: expect(rates.perMs),
    expectedLow: isClosed ? expect(rates.lowest) : null,
    expectedHigh: isClosed ? expect(rates.highest) : null,
    fillsAt: fillsAt < window.endsAt ? Math.ceil(fillsAt / MINUTE_MS) * MINUTE_MS : null,
    reason: null,
  };
}

const TOO_LITTLE = `Fewer than ${CLOSED_WINDOWS_MIN} whole windows have closed, and less than a quarter of this one has passed or fewer than ${WANTED_MIN} places were wanted.`;

interface Rates {
  basis: 'closed_windows' | 'this_window';
  windows: number;
  /** Places wanted a millisecond. */
  perMs: number;
  lowest: number;
  highest: number;
}

/**
 * The oldest is left out, because counting may have begun within it. Time between the others without a counter is windows
 * that no lead asked. undefined: too few.
 */
function ratesOfClosed({ window, closed }: ForecastInput): Rates | undefined {
  const oldest = closed.at(-1);
  if (!oldest) return undefined;
  const counted = closed.slice(0, -1);
  const coveredMs = window.startsAt - oldest.endsAt;
  const windows = Math.round(coveredMs / (window.endsAt - window.startsAt));
  if (windows < CLOSED_WINDOWS_MIN) return undefined;
  const wanted = counted.reduce((total, { used, refused }) => total + used + refused, 0);
  const rates = counted.map(({ used, refused, startsAt, endsAt }) => (used + refused) / (endsAt - startsAt));
  const hasQuiet = counted.length < windows;
  return {
    basis: 'closed_windows',
    windows,
    perMs: wanted / coveredMs,
    lowest: hasQuiet ? 0 : Math.min(...rates),
    highest: Math.max(0, ...rates),
  };
}

/** undefined: too little of it has passed. */
function rateOfThis({ now, window, used, refused }: ForecastInput): Rates | undefined {
  const elapsedMs = now - window.startsAt;
  const wanted = used + refused;
  if (elapsedMs < SHARE_ELAPSED_MIN * (window.endsAt - window.startsAt) || wanted < WANTED_MIN) return undefined;
  const perMs = wanted / elapsedMs;
  return { basis: 'this_window', windows: 0, perMs, lowest: perMs, highest: perMs };
}

function silent(reason: string): CapForecast {
  const nothing = { expectedCount: null, expectedLow: null, expectedHigh: null, fillsAt: null };
  return { basis: null, windows: 0, ...nothing, reason };
}
