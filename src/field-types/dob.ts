import { keepDay } from './aggregations.ts';
import { dayIn } from './date.ts';
import { component, type FieldType, type ParseContext, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richDate, richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';
import { type Day, findDay, findMidnight, findUtcInstant, formatIsoDay, MIDNIGHT } from './zoned-time.ts';

/** A date of birth: a date with an age, which can be masked. */
export const dobType: FieldType = {
  name: 'dob',
  isMaskable: true,
  components: [
    rawComponent,
    component('age', 'number', 'Age in years, to one decimal'),
    component('year', 'number', 'The year of birth'),
  ],
  operators: operatorPairs('equal', 'compare', 'blank', 'format', 'between'),
  parse(value, ctx) {
    const birth = dayIn(value, ctx);
    const raw = submitted(value);
    if (birth === undefined) return richText(textOf(raw), { raw, valid: false, masked: false });
    return richDate(findMidnight(birth, ctx.timeZone), formatIsoDay(birth), {
      raw,
      valid: true,
      masked: false,
      age: computeAge(birth, ctx),
      year: birth.year,
    });
  },
  aggregate: keepDay,
  examples: ['1990-11-20', '11/20/1990'],
};

const MS_PER_DAY = 86_400_000;
/** Days behind a birthday from which on the age has one, two … nine tenths more (measured). */
const TENTHS_FROM_DAY: readonly number[] = [37, 73, 110, 146, 183, 220, 256, 293, 329];

/**
 * Whole years, and the tenths since the last birthday. Birthdays of 29 February are on 1 March in common years. For a
 * birth in the future the whole years are cut towards zero (measured).
 */
function computeAge(birth: Day, ctx: ParseContext): number {
  const today = findUtcInstant({ ...findDay(ctx.now, ctx.timeZone), ...MIDNIGHT });
  const thisYear = new Date(today).getUTCFullYear();
  const isBirthdayOver = birthdayIn(thisYear, birth) <= today;
  const lastBirthday = birthdayIn(isBirthdayOver ? thisYear : thisYear - 1, birth);
  const days = (today - lastBirthday) / MS_PER_DAY;
  const tenths = TENTHS_FROM_DAY.filter((day) => day <= days).length;
  const birthdays = thisYear - birth.year - (isBirthdayOver ? 0 : 1);
  const wholeYears = birthdays < 0 && days > 0 ? birthdays + 1 : birthdays;
  return (wholeYears * 10 + tenths) / 10;
}

function birthdayIn(year: number, birth: Day): number {
  return findUtcInstant({ ...birth, year, ...MIDNIGHT });
}
