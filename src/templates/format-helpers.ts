import { DateTime, type DurationLike, IANAZone } from 'luxon';
import { fail, ok, type Result } from '../lib/result.ts';
import { normalOf, textOf } from '../variables/rich-value.ts';
import { type Evaluation, isExhausted, spendSteps } from './evaluation.ts';
import { compileMath, type MathExpression } from './math-expression.ts';
import { toNumber } from './math-functions.ts';
import { formatMoment, formatSteps } from './moment-format.ts';
import { formatNumber, isNumberFormat } from './number-format.ts';
import { type ReadMoment, readMoment } from './read-moment.ts';
import { remember } from './remember.ts';
import type { HelperArguments, TemplateHelper } from './template-helper.ts';

/**
 * `{{format lead.dob format="MM/DD/YYYY"}}`, `{{format lead.price format="$0,0.00"}}` (spec behaviour 5.6). A format
 * with a zero in it and no letter of a date is for numbers. Instants are shown in `timezone`, else in UTC, as
 * flows brought along expect; a calendar day is the same day everywhere. A value that is no date or number stays
 * as it is.
 */
export const format: TemplateHelper = {
  name: 'format',
  valuesMin: 1,
  valuesMax: 1,
  compile: (literals) => {
    const fault = findFault(literals);
    if (fault !== undefined) return fail(fault);
    return ok({ run: (args, evaluation) => typed(formatValue(args.values[0], args.named, evaluation), args) });
  },
};

/** `{{math "lead.price * 0.8" format="$0.00"}}`: the expression is part of the template or comes from a helper. */
export const math: TemplateHelper = {
  name: 'math',
  valuesMin: 1,
  valuesMax: 1,
  compile: (literals) => {
    const [written] = literals.values;
    const known = written === undefined ? undefined : compileMath(textOf(written));
    const fault = known && !known.ok ? known.error : findFault(literals);
    if (fault !== undefined) return fail(fault);
    return ok({
      ...(known?.ok ? { variables: known.value.variables } : {}),
      run: (args, evaluation) => calculate(known ?? compileMath(textOf(args.values[0])), args, evaluation),
    });
  },
};

function calculate(expression: Result<MathExpression, string>, args: HelperArguments, evaluation: Evaluation): unknown {
  const value = expression.ok ? expression.value.evaluate(evaluation) : null;
  if (typeof value !== 'number') return value;
  return typed(args.named.has('format') ? formatValue(value, args.named, evaluation) : value, args);
}

type Named = HelperArguments['named'];

function findFault({ named }: HelperArguments): string | undefined {
  const [zone, locale] = [named.get('timezone'), named.get('locale')];
  if (zone !== undefined && !isZone(textOf(zone))) {
    return `There is no time zone "${textOf(zone)}": write one as in "America/Chicago".`;
  }
  if (locale !== undefined && !isLocale(textOf(locale))) {
    return `There is no locale "${textOf(locale)}": write one as in "en-US".`;
  }
  return undefined;
}

/** Longer names are none; they are not worth remembering. */
const NAME_CHARACTERS_MAX = 64;

const isZone = remember((text) => text.length <= NAME_CHARACTERS_MAX && IANAZone.isValidZone(text));

const isLocale = remember((text) => {
  try {
    return text.length <= NAME_CHARACTERS_MAX && Intl.getCanonicalLocales(text.replaceAll('_', '-')).length === 1;
  } catch {
    return false; // the RangeError is the answer
  }
});

const DEFAULT_LOCALE = 'en-US';

function localeOf(named: Named): string {
  const text = textOf(named.get('locale'));
  return isLocale(text) ? text.replaceAll('_', '-') : DEFAULT_LOCALE;
}

/** `dataType="Number"` makes a number of a text that is one, `"String"` a text of anything. */
function typed(value: unknown, { named }: HelperArguments): unknown {
  const dataType = textOf(named.get('dataType'));
  if (dataType === 'String') return textOf(value);
  if (dataType !== 'Number' || typeof value === 'boolean') return value;
  const number = toNumber(value);
  return Number.isFinite(number) ? number : value;
}

/** Longer formats are none: the value stays as it is. */
const FORMAT_CHARACTERS_MAX = 1_000;

function formatValue(value: unknown, named: Named, evaluation: Evaluation): unknown {
  const pattern = textOf(named.get('format'));
  if (pattern.length > FORMAT_CHARACTERS_MAX) return value;
  if (isNumberFormat(pattern)) return formatAsNumber(value, { pattern, locale: localeOf(named) });
  const isDate = pattern !== '' || named.has('operator') || value instanceof Date;
  if (isDate) spendSteps(evaluation, dateSteps(value, pattern, named));
  const moment = isDate && !isExhausted(evaluation) ? readMoment(value) : undefined;
  return moment ? formatAsDate(moment, { pattern, named }) : value;
}

/** Measured: 30 µs to read and show a date, 250 to try the written forms on a text, 80 to find that a zone is none. */
function dateSteps(value: unknown, pattern: string, named: Named): number {
  const readSteps = typeof normalOf(value) === 'string' ? 85 : 10;
  const zoneSteps = named.has('timezone') && zoneOf(named) === undefined ? 25 : 0;
  return readSteps + zoneSteps + formatSteps(pattern);
}

function formatAsNumber(value: unknown, how: { pattern: string; locale: string }): unknown {
  const number = toNumber(value);
  return Number.isFinite(number) ? formatNumber(number, { format: how.pattern, locale: how.locale }) : value;
}

function formatAsDate(moment: ReadMoment, { pattern, named }: { pattern: string; named: Named }): string {
  const zone = zoneOf(named);
  const start = moment.kind === 'day' ? moment.time : DateTime.fromMillis(moment.epochMs, { zone: zone ?? 'utc' });
  const moved = movedBy(start, named);
  const time = (moved.isValid ? moved : start).setLocale(localeOf(named));
  if (pattern !== '') return formatMoment({ time, hasZone: zone !== undefined }, pattern);
  // Without a format the text of the type: what rules and ranges read.
  return moment.kind === 'day' && isMidnight(time) ? time.toFormat('yyyy-MM-dd') : (time.toUTC().toISO() ?? '');
}

function isMidnight(time: DateTime): boolean {
  return time.toMillis() === time.startOf('day').toMillis();
}

function zoneOf(named: Named): string | undefined {
  const zone = textOf(named.get('timezone'));
  return isZone(zone) ? zone : undefined;
}

const UNITS = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;

/** `operator="subtract" days="7"`; each unit may be written in the singular. */
function movedBy(time: DateTime, named: Named): DateTime {
  const operator = textOf(named.get('operator'));
  if (operator !== 'add' && operator !== 'subtract') return time;
  const amounts: Record<string, number> = {};
  for (const unit of UNITS) {
    const amount = toNumber(named.get(unit) ?? named.get(unit.slice(0, -1)));
    if (Number.isFinite(amount)) amounts[unit] = amount;
  }
  const duration: DurationLike = amounts;
  return operator === 'add' ? time.plus(duration) : time.minus(duration);
}
