/** `Nov 29, 00:00 EST`, to the minute; the zone is always printed. */
export function formatMinute(at: Date, zone: string): string {
  return `${formatDay(at, zone)}, ${formatClock(at, zone, true)}`;
}

/** `Nov 28, 00:00 – Nov 29, 00:00 EST`, the day once where it is one: `Nov 28, 06:00 – 08:00 EST`. */
export function formatWindow(from: Date, to: Date, zone: string): string {
  const [first, last] = [from, to].map((at) => formatDay(at, zone));
  // Clocks may change within a window: then both ends name the zone.
  const isSame = nameZone(from, zone) === nameZone(to, zone);
  const start = `${first}, ${formatClock(from, zone, !isSame)}`;
  return `${start} – ${first === last ? '' : `${last}, `}${formatClock(to, zone, true)}`;
}

function formatDay(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'short', day: 'numeric' }).format(at);
}

function formatClock(at: Date, zone: string, isZoned: boolean): string {
  return new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(isZoned && { timeZoneName: 'short' }),
  }).format(at);
}

function nameZone(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}
