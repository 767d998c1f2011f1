/** How far a time of a zone is from UTC then, in ms. */
function offsetOf(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(at / 1_000) * 1_000;
}

/** The first instant of a day of the zone, so many days before the one that `now` is in; epoch ms. */
export function startOfDay(now: number, { zone, daysAgo }: { zone: string; daysAgo: number }): number {
  const local = new Date(now + offsetOf(now, zone));
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() - daysAgo);
  // Twice: the first guess may be on the other side of a change of the clock.
  const guess = midnight - offsetOf(midnight, zone);
  return midnight - offsetOf(guess, zone);
}

export const RETRY_TIMES = ['all', 'today', 'yesterday', 'last_24_hours'] as const;
export type RetryTime = (typeof RETRY_TIMES)[number];

/** What `POST /problems/{id}/retry` is asked with; a second is the finest that it knows, and the end is included. */
export function rangeOf(
  time: RetryTime,
  { zone, now }: { zone: string; now: number },
): { start?: string; end?: string } {
  const iso = (at: number) => new Date(at).toISOString();
  const today = startOfDay(now, { zone, daysAgo: 0 });
  if (time === 'today') return { start: iso(today) };
  if (time === 'yesterday') return { start: iso(startOfDay(now, { zone, daysAgo: 1 })), end: iso(today - 1_000) };
  return time === 'last_24_hours' ? { start: iso(now - 86_400_000) } : {};
}
