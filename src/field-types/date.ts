import { keepDay } from './aggregations.ts';
import { readDay } from './date-formats.ts';
import { type FieldType, type ParseContext, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richDate, richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';
import { type Day, findDay, findMidnight, formatIsoDay } from './zoned-time.ts';

/** A calendar day: a Date at midnight in the account's zone that reads as `2017-06-02`. */
export const dateType: FieldType = {
  name: 'date',
  isMaskable: false,
  components: [rawComponent],
  operators: operatorPairs('equal', 'compare', 'blank', 'format', 'between'),
  parse(value, ctx) {
    const day = dayIn(value, ctx);
    const raw = submitted(value);
    if (day === undefined) return richText(textOf(raw), { raw, valid: false });
    return richDate(findMidnight(day, ctx.timeZone), formatIsoDay(day), { raw, valid: true });
  },
  aggregate: keepDay,
  examples: ['2017-06-02', '6/2/2017', 'Jun 02 2017', '02 Jun 2017', '06022017'],
};

/** The day a submitted value means. A plain Date is an instant, whose day depends on the zone. */
export function dayIn(value: unknown, ctx: ParseContext): Day | undefined {
  const raw = submitted(value);
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? undefined : findDay(raw.getTime(), ctx.timeZone);
  return readDay(textOf(raw), ctx);
}
