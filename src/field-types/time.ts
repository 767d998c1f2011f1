import type { ParsedComponents } from 'chrono-node';
import { parse as parseNaturalLanguage } from 'chrono-node/en';
import { keepInstant } from './aggregations.ts';
import { type FieldType, type ParseContext, rawComponent } from './field-type.ts';
import { parseIsoInstant } from './iso-time.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richDate, richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';
import { findInstant, offsetMinutesAt } from './zoned-time.ts';

/** An instant: a Date that reads as its ISO text in UTC. */
export const timeType: FieldType = {
  name: 'time',
  isMaskable: false,
  components: [rawComponent],
  operators: operatorPairs('equal', 'compare', 'blank', 'format', 'between'),
  parse(value, ctx) {
    const raw = textOf(submitted(value));
    const instant = isoTime(raw, ctx) ?? instantInText(raw, ctx) ?? Number.NaN;
    if (!(instant >= FIRST_INSTANT && instant <= LAST_INSTANT)) return richText(raw, { raw, valid: false });
    return instantValue(instant, raw);
  },
  aggregate: keepInstant,
  examples: ['2017-06-14T16:05:41Z', '06/14/2017 4:05:41 PM', 'Wed Jun 14 2017 11:05:41 GMT-0500 (CDT)'],
};

/** The years 0 to 9999, which ISO texts write in four digits: another year (`3 BC`, a long number) is a misreading. */
const FIRST_INSTANT = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** The value of an instant (epoch ms), as if its ISO text had been submitted. */
export function instantValue(epochMs: number, raw?: string): object {
  const text = new Date(epochMs).toISOString();
  return richDate(epochMs, text, { raw: raw ?? text, valid: true });
}

const ISO_DATE_LENGTH = 10;

/** What machines send, read without the language library, which takes some 70 us. A date alone means noon there. */
function isoTime(text: string, ctx: ParseContext): number | undefined {
  return text.length > ISO_DATE_LENGTH ? parseIsoInstant(text, ctx.timeZone) : undefined;
}

/** Sentences around a time are longer than times, but not by more; the library's patterns take quadratic time. */
const TEXT_LENGTH_MAX = 200;

/** The first time a text speaks of, in English: a date alone means noon, `next friday` starts from now. */
function instantInText(text: string, ctx: ParseContext): number | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  const timezone = offsetMinutesAt(ctx.now, ctx.timeZone);
  const start = parseNaturalLanguage(text, { instant: new Date(ctx.now), timezone })[0]?.start;
  if (start === undefined) return undefined;
  const instant = start.isCertain('timezoneOffset') ? start.date().getTime() : localInstant(start, ctx.timeZone);
  return Number.isNaN(instant) ? undefined : instant;
}

/** The library knows today's offset only; on the other side of a clock change the zone has another. */
function localInstant(start: ParsedComponents, timeZone: string): number {
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond') => start.get(name) ?? 0;
  return findInstant(
    {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
      millisecond: part('millisecond'),
    },
    timeZone,
  );
}
