/** What is counted: days and weeks of a date have forms of their own in some languages. */
export type Counted = 'day' | 'week' | 'number';

/** 1st in English, `1.` in German, `1º` in Spanish, `1er` in French; the bare number in other languages. */
export function ordinalText(value: number, { locale, counted }: { locale: string; counted: Counted }): string {
  return `${value}${ordinalSuffix(value, { locale, counted })}`;
}

/** The same without the number. */
export function ordinalSuffix(value: number, { locale, counted }: { locale: string; counted: Counted }): string {
  return SUFFIXES.get(locale.split('-', 1)[0] ?? '')?.(Math.abs(value), counted) ?? '';
}

const ENGLISH: ReadonlyMap<Intl.LDMLPluralRule, string> = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ENGLISH_RULES = new Intl.PluralRules('en', { type: 'ordinal' });

const SUFFIXES: ReadonlyMap<string, (value: number, counted: Counted) => string> = new Map<
  string,
  (value: number, counted: Counted) => string
>([
  ['en', (value) => ENGLISH.get(ENGLISH_RULES.select(value)) ?? 'th'],
  ['de', () => '.'],
  ['es', () => 'º'],
  ['fr', french],
]);

/** Weeks are feminine, and of the days of a month only the first is counted so. */
function french(value: number, counted: Counted): string {
  if (value === 1) return counted === 'week' ? 're' : 'er';
  return counted === 'day' ? '' : 'e';
}
