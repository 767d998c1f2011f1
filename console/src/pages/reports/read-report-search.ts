import { type FrameSearch, readFrameSearch } from '../../parts/time-frames.ts';

/** How a report is run and shown: all of it is in the address. */
export interface ReportSearch extends FrameSearch {
  compare?: 'previous_period' | 'previous_week' | 'previous_month' | 'previous_year';
  interval?: 'hourly' | 'daily' | 'weekly' | 'monthly' | 'none';
  sort?: string;
  dir?: 'asc';
  /** The column that is drawn. */
  chart?: string;
}

export const COMPARISONS: Readonly<Record<NonNullable<ReportSearch['compare']>, string>> = {
  previous_period: 'The period before',
  previous_week: 'A week before',
  previous_month: 'A month before',
  previous_year: 'A year before',
};

export const INTERVALS: Readonly<Record<NonNullable<ReportSearch['interval']>, string>> = {
  none: 'Not split',
  hourly: 'By hour',
  daily: 'By day',
  weekly: 'By week',
  monthly: 'By month',
};

const NAME_CHARACTERS_MAX = 100;

/** What means nothing is left out. */
export function readReportSearch(search: Readonly<Record<string, unknown>>): ReportSearch {
  const { sort, dir, chart } = search;
  const compare = keyOf(COMPARISONS, search['compare']);
  const interval = keyOf(INTERVALS, search['interval']);
  return {
    ...readFrameSearch(search),
    ...(compare !== undefined && { compare }),
    ...(interval !== undefined && { interval }),
    ...(isName(sort) && { sort }),
    ...(dir === 'asc' && { dir }),
    ...(isName(chart) && { chart }),
  };
}

function keyOf<Key extends string>(words: Readonly<Record<Key, string>>, value: unknown): Key | undefined {
  return (Object.keys(words) as Key[]).find((key) => key === value); // the keys are the words
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= NAME_CHARACTERS_MAX;
}
