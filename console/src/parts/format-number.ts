const COUNT = new Intl.NumberFormat('en-US');

/** `1,204`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

const PERCENT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `62.4 %` of a share from 0 to 1, with one decimal unless it is nothing or all; `< 0.1 %`: not nothing. null: a dash. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  return percent >= 99.95 ? `${Math.round(percent)} %` : `${PERCENT.format(percent)} %`;
}

/** What part `of` has of the whole; null: there is no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** From here on a number of times says more. */
const CHANGE_PERCENT_MAX = 999;

/** `+12 %`, `−3 %`, `no change`, `45 times` as much; null: there was nothing before. */
export function formatChange(value: number, before: number): string | null {
  if (before === 0) return null;
  const percent = Math.round(((value - before) / Math.abs(before)) * 100);
  if (percent === 0) return 'no change';
  if (percent > CHANGE_PERCENT_MAX && before > 0) return `${COUNT.format(Math.round(value / before))} times`;
  return `${percent > 0 ? '+' : '−'}${COUNT.format(Math.abs(percent))} %`;
}

/** `840 ms`, `1.2 s`; null: a dash. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
