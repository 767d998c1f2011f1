import { normalizeValue } from '../../../src/field-types/normalize-value.ts';
import { parseValue } from '../../../src/field-types/parse-value.ts';
import { compileTemplate } from '../../../src/templates/compile-template.ts';
import { normalOf, textOf } from '../../../src/variables/rich-value.ts';
import type { Random } from '../random.ts';
import { type FuzzTarget, mustHold } from '../target.ts';

const PARSING = { now: 1_500_000_000_000, timeZone: 'America/Chicago' };
const CTX = { ...PARSING, random: () => 0.5 };
/** What reads a day or a time out of a text, and the range, whose ends look alike. */
const TYPES = ['date', 'dob', 'time', 'range'] as const;

const FORMATTED = [
  '{{format x format="YYYY-MM-DD HH:mm:ss.SSS Z z"}}',
  '{{format x operator="add" months="1"}}',
].flatMap((source) => {
  const compiled = compileTemplate(source);
  return compiled.ok ? [compiled.value] : [];
});

const SEPARATORS = ['/', '-', ' ', '.', ', ', '', 'T'] as const;
const WORDS = [
  'Jan',
  'february',
  'Sept',
  'Mon',
  'Tuesday',
  'tomorrow',
  'next friday',
  'in 3 days',
  '2 weeks ago',
  'noon',
  'at 5pm',
  '5:30',
  '17:05:41.123',
  'Z',
  '+0530',
  '-05:00',
  'CDT',
  'GMT-0500 (CDT)',
  'BC',
  'AM',
  '1st',
  '3rd of',
  'T',
  'to',
  '-',
] as const;
const NUMBERS = [
  '0',
  '1',
  '02',
  '12',
  '13',
  '29',
  '30',
  '31',
  '32',
  '60',
  '68',
  '69',
  '99',
  '100',
  '1900',
  '1969',
  '2000',
  '2017',
  '2024',
  '9999',
  '10000',
  '275760',
  '1497456341000',
  '06022017',
] as const;

/** Texts as days, dates of birth, times and ranges, and through the date formats of templates. */
export const dates: FuzzTarget = {
  name: 'dates',
  tokens: [...WORDS, ...NUMBERS, ...SEPARATORS, ':'],
  generate: (random: Random) => {
    const separator = random.pick(SEPARATORS);
    return Array.from({ length: 1 + random.below(random.oneIn(6) ? 12 : 4) }, () =>
      random.oneIn(3) ? random.pick(WORDS) : random.pick(NUMBERS),
    ).join(separator);
  },
  run(input) {
    const ends = TYPES.map((type) => {
      const value = parseValue(type, input, PARSING);
      JSON.stringify(normalizeValue(value));
      const isValid = validOf(value);
      mustHold(typeof isValid === 'boolean', `${type} says whether it is valid`);
      mustHold(textOf(parseValue(type, value, PARSING)) === textOf(value), `${type} reads its own value again`);
      if (isValid && type !== 'range') {
        const normal = normalOf(parseValue(type, normalOf(value), PARSING));
        mustHold(
          normal === normalOf(value),
          `${type} reads its own normal form: ${String(normalOf(value))}, then ${String(normal)}`,
        );
      }
      // The century and the time of day of the reading distinguish readings well enough.
      return isValid ? `${type} ${String(normalOf(value)).replace(/^(-?\d\d)\d\d-\d\d-\d\d(T\d)?.*/, '$1$2')}` : '-';
    });
    const shown = FORMATTED.map((template) => {
      const text = template.render({ x: input }, CTX);
      mustHold(
        !/Invalid DateTime|NaN/.test(text) || /Invalid DateTime|NaN/.test(input),
        'no text of a library is shown',
      );
      return text === input ? 'kept' : text.replace(/\d+/g, '0').slice(0, 24);
    });
    return [...ends, ...shown]
      .join(' ')
      .replace(/\d{3,}/g, '0')
      .slice(0, 120);
  },
};

function validOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'valid' in value ? value.valid : undefined;
}
