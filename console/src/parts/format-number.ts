export { formatCount, formatShare } from '../../../src/lib/format-number.ts';

const COUNT = new Intl.NumberFormat('en-US');

/** What part `of` has of the whole; null: there is no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** From here on a number of times says more. */
const CHANGE_PERCENT_MAX = 999;

/** `+12 %`, `−3 %`, `no change`, `45 times as much`; null: there was nothing before. */
export function formatChange(value: number, before: number): string | null {
  if (before === 0) return null;
  const percent = Math.round(((value - before) / Math.abs(before)) * 100);
  if (percent === 0) return 'no change';
  if (percent > CHANGE_PERCENT_MAX && before > 0) return `${COUNT.format(Math.round(value / before))} times as much`;
  return `${percent > 0 ? '+' : '−'}${COUNT.format(Math.abs(percent))} %`;
}

/** `840 ms`, `1.2 s`; null: a dash. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
