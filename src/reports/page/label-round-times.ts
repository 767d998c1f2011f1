import type { DateTime } from 'luxon';

/** Labels that lie side by side on a phone. */
const LABELS_MAX = 7;

interface Round {
  is: (time: DateTime) => boolean;
  format: (time: DateTime) => string;
}

/** What makes a time round, from the finest to the coarsest. */
const OF_DAYS: readonly Round[] = [
  ...[1, 3, 6, 12].map((hours) => ({
    is: (time: DateTime) => time.minute === 0 && time.hour % hours === 0,
    format: (time: DateTime) => time.toFormat(time.hour === 0 ? 'LLL d' : 'HH:mm'),
  })),
  ...[1, 2].map((days) => ({
    is: (time: DateTime) => beginsDay(time) && Math.floor(time.plus({ hours: 12 }).toMillis() / DAY_MS) % days === 0,
    format: (time: DateTime) => time.toFormat('LLL d'),
  })),
  { is: (time) => beginsDay(time) && time.weekday === 1, format: (time) => time.toFormat('LLL d') },
];
const OF_MONTHS: readonly Round[] = [
  ...[1, 3, 6].map((months) => ({
    is: (time: DateTime) => beginsMonth(time) && (time.month - 1) % months === 0,
    format: (time: DateTime) => time.toFormat(time.month === 1 ? 'LLL yyyy' : 'LLL'),
  })),
  { is: (time) => beginsMonth(time) && time.month === 1, format: (time) => time.toFormat('yyyy') },
];

const DAY_MS = 86_400_000;

/**
 * The label of each place of an axis, null: it has none. The finest round times that have room: hours, days, Mondays, months.
 * Where none fits, such as years, as many as lie evenly from the first.
 */
export function labelRoundTimes(times: readonly DateTime[]): (string | null)[] {
  const rounds = times.every(beginsMonth) ? OF_MONTHS : [...OF_DAYS, ...OF_MONTHS];
  for (const { is, format } of rounds) {
    const labels = times.map((time) => (is(time) ? format(time.setLocale('en-US')) : null));
    const count = labels.filter((label) => label !== null).length;
    if (count >= 2 && count <= LABELS_MAX) return labels;
  }
  const apart = Math.ceil(times.length / LABELS_MAX);
  const isOfDays = times.every(beginsDay);
  return times.map((time, place) =>
    place % apart === 0 ? time.setLocale('en-US').toFormat(isOfDays ? 'LLL d' : 'LLL d, HH:mm') : null,
  );
}

/** Where the change of clocks leaves midnight out, a day begins later. */
function beginsDay(time: DateTime): boolean {
  return time.equals(time.startOf('day'));
}

function beginsMonth(time: DateTime): boolean {
  return time.day === 1 && beginsDay(time);
}
