import type { DateTime } from 'luxon';
import { remember } from './remember.ts';

/** The platform abbreviates a zone only for those who live there: `CET` for a Briton is `GMT+1` for an American. */
const NEIGHBOURS = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'ja'] as const;
const NAMELESS = /^(?:GMT|UTC)[+-]/;

/** `CST`, `CET`, `JST`; `GMT+3` where no abbreviation is known. The same in every locale. */
export function nameZone(time: DateTime): string {
  const names = NEIGHBOURS.map((locale) => nameIn(locale, time));
  return names.find((name) => !NAMELESS.test(name)) ?? names[0] ?? '';
}

function nameIn(locale: string, time: DateTime): string {
  const format = formatterOf(`${locale} ${time.zoneName ?? 'UTC'}`);
  // A zone that is a plain offset has no name on the platform, but its own.
  if (format === null) return time.offsetNameShort ?? '';
  return format.formatToParts(time.toMillis()).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** Making one takes the platform 50 to 100 µs, asking it 3. */
const formatterOf = remember((key): Intl.DateTimeFormat | null => {
  const [locale, timeZone] = key.split(' ');
  try {
    return new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
  } catch {
    return null; // the RangeError is the answer
  }
});
