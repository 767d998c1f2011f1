import type { HoursOfOperation, Weekday } from '../../../../src/model/flow.ts';
import type { Parsed } from '../sentence/parse-amount.ts';

/** Monday first, as weeks of caps begin. */
export const WEEKDAYS: readonly Weekday[] = [
  ...(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const),
];

export interface Period {
  start: string;
  end: string;
}

/** Periods of one day at most (`PERIODS_MAX` of the server). */
export const PERIODS_MAX = 24;

/**
 * The open periods of a day as a person writes them: `8:30-17:00, 18-20`, `all day`, `closed`. Times are those of a clock
 * of 24 hours; `9am` and `5:30 pm` are read, too.
 */
export function parsePeriods(text: string): Parsed<Period[]> {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '' || trimmed === 'closed') return { ok: true, value: [] };
  if (trimmed === 'all day' || trimmed === 'open') return { ok: true, value: [{ start: '00:00', end: '24:00' }] };
  const written = trimmed.split(/[,;]/).filter((part) => part.trim() !== '');
  if (written.length > PERIODS_MAX) return { ok: false, fault: `Write at most ${PERIODS_MAX} periods.` };
  const periods: Period[] = [];
  for (const part of written) {
    const parsed = parsePeriod(part);
    if (!parsed.ok) return parsed;
    periods.push(parsed.value);
  }
  return { ok: true, value: periods };
}

function parsePeriod(text: string): Parsed<Period> {
  const [from = '', to = '', ...others] = text.split(/\s*(?:-|–|—|\bto\b|\buntil\b)\s*/).map((part) => part.trim());
  const [start, end] = [parseTime(from), parseTime(to)];
  if (start === null || end === null || others.length > 0)
    return {
      ok: false,
      fault: `"${text.trim()}" is no period. Write one as 8:30-17:00, several with commas, or closed.`,
    };
  if (end > start) return { ok: true, value: { start: showTime(start), end: showTime(end) } };
  const fault =
    'A period ends after it starts. For one over midnight write until 24:00 here, and from 0:00 on the next day.';
  return { ok: false, fault };
}

/** Minutes since midnight; null: it is no time. */
function parseTime(text: string): number | null {
  const [, hours, minutes = '0', half] = /^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/.exec(text) ?? [];
  if (hours === undefined || Number(minutes) > 59) return null;
  if (half !== undefined && (Number(hours) < 1 || Number(hours) > 12)) return null;
  const ofDay = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'pm' ? 12 : 0);
  const total = ofDay * 60 + Number(minutes);
  return total <= MINUTES_PER_DAY ? total : null;
}

export const MINUTES_PER_DAY = 1_440;

function showTime(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The inverse of `parsePeriods`; what is no period is shown as the document has it. */
export function showPeriods(periods: readonly Period[] | null | undefined): string {
  if (!Array.isArray(periods) || periods.length === 0) return 'closed';
  if (periods.length === 1 && isWholeDay(periods[0])) return 'all day';
  return periods.map((period: Partial<Period> | null) => `${period?.start ?? '?'}–${period?.end ?? '?'}`).join(', ');
}

function isWholeDay(period: Partial<Period> | null | undefined): boolean {
  return period?.start === '00:00' && period.end === '24:00';
}

/** Parts of a day that are open, of 1, for a picture; what cannot be read is left out. */
export function spansOf(periods: readonly Period[] | null | undefined): { from: number; to: number }[] {
  if (!Array.isArray(periods)) return [];
  return periods.flatMap((period: Partial<Period> | null) => {
    const [start, end] = [parseTime(String(period?.start)), parseTime(String(period?.end))];
    if (start === null || end === null || end <= start) return [];
    return [{ from: start / MINUTES_PER_DAY, to: end / MINUTES_PER_DAY }];
  });
}

/** The same periods where they say the same, so that what a document has besides stays; else the new ones. */
export function keepPeriods(before: readonly Period[] | null | undefined, next: readonly Period[]): Period[] {
  return next.map((period, index) => {
    const known = before?.[index];
    return known?.start === period.start && known.end === period.end ? known : period;
  });
}

/** Do these hours bound anything? Absent or switched off: always open. */
export function areHoursOn(hours: HoursOfOperation | null | undefined): boolean {
  return hours !== null && hours !== undefined && hours.enabled !== false;
}

/** Is it open then? The start of a period is inside, its end outside. */
export function isOpenAt(hours: HoursOfOperation | null | undefined, at: Date, accountZone: string): boolean {
  if (!hours || !areHoursOn(hours)) return true;
  const { weekday, minute } = readLocal(at, hours.time_zone ?? accountZone);
  return spansOf(hours.days?.[weekday]).some(
    ({ from, to }) => minute >= Math.round(from * MINUTES_PER_DAY) && minute < Math.round(to * MINUTES_PER_DAY),
  );
}

/** The day and the minute of a clock in a zone. */
export function readLocal(at: Date, zone: string): { weekday: Weekday; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const named = of('weekday').toLowerCase();
  const weekday = WEEKDAYS.find((day) => day === named) ?? 'monday';
  return { weekday, minute: Number(of('hour')) * 60 + Number(of('minute')) };
}
