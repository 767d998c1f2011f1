const COUNT = new Intl.NumberFormat('en-US');
const PERCENT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `1,204`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** `62.4 %` of a share from 0 to 1, with one decimal unless it is nothing or all; `< 0.1 %`: not nothing. null: a dash. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  return percent >= 99.95 ? `${Math.round(percent)} %` : `${PERCENT.format(percent)} %`;
}
