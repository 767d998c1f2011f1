import { FRAME_NAMES, FRAMES } from '../../parts/time-frames.ts';

/** `Last 7 days` of `this_7_days`; one that is not on the list in its own words; null: today. */
export function describeFrame(timeframe: string | null): string {
  if (timeframe === null) return FRAMES.today.label;
  const name = FRAME_NAMES.find((each) => each === timeframe);
  if (name !== undefined) return FRAMES[name].label;
  const [, kind, count, unit] = /^(this|previous)_(\d+)_([a-z]+?)s?$/.exec(timeframe) ?? [];
  if (kind === undefined || unit === undefined) return timeframe;
  const units = count === '1' ? unit : `${count} ${unit}s`;
  return kind === 'this' ? `The last ${units}, with this ${unit}` : `The ${units} before this ${unit}`;
}
