import type { DateTime } from 'luxon';

/** The platform abbreviates a zone only for those who live there: `CET` for a Briton is `GMT+1` for an American. */
const NEIGHBOURS = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'ja'] as const;
const NAMELESS = /^(?:GMT|UTC)[+-]/;

/** `CST`, `CET`, `JST`; `GMT+3` where no abbreviation is known. The same in every locale. */
export function zoneNameOf(time: DateTime): string {
  const names = NEIGHBOURS.map((locale) => time.setLocale(locale).offsetNameShort ?? '');
  return names.find((name) => !NAMELESS.test(name)) ?? names[0] ?? '';
}
