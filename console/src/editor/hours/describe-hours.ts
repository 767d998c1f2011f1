import type { HoursOfOperation, Weekday } from '../../../../src/model/flow.ts';
import { areHoursOn, showPeriods, WEEKDAYS } from './periods.ts';

const SHORT: Readonly<Record<Weekday, string>> = {
  ...{ monday: 'Mon', tuesday: 'Tue', wednesday: 'Wed', thursday: 'Thu' },
  ...{ friday: 'Fri', saturday: 'Sat', sunday: 'Sun' },
};

/**
 * Hours as a short phrase: `Mon–Fri 08:30–17:00, Sat 10:00–14:00, America/Chicago`; days that are closed are left out. null:
 * always open, because there are none or they are switched off.
 */
export function describeHours(
  hours: HoursOfOperation | null | undefined,
  { timeZone }: { timeZone: string },
): string | null {
  if (!hours || !areHoursOn(hours)) return null;
  const runs = groupDays(hours).filter(({ text }) => text !== 'closed');
  if (runs.length === 0) return 'Never';
  return [...runs.map(({ days, text }) => `${nameDays(days)} ${text}`), hours.time_zone ?? timeZone].join(', ');
}

interface Run {
  days: Weekday[];
  text: string;
}

/** Days one after the other that have the same periods. */
function groupDays(hours: HoursOfOperation): Run[] {
  const runs: Run[] = [];
  for (const day of WEEKDAYS) {
    const text = showPeriods(hours.days?.[day]);
    const last = runs.at(-1);
    if (last?.text === text) last.days.push(day);
    else runs.push({ text, days: [day] });
  }
  return runs;
}

function nameDays(days: readonly Weekday[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (days.length === WEEKDAYS.length) return 'Every day';
  if (days.length === 1) return SHORT[first];
  return days.length === 2 ? `${SHORT[first]}, ${SHORT[last]}` : `${SHORT[first]}–${SHORT[last]}`;
}
