/** Every IANA zone the browser knows, with one that must be among them. */
export function listZones(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen])].sort();
}

/** Of this browser. */
export function findOwnZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "Europe/Berlin, 14:03 now", so that a person sees whether it is theirs. */
export function describeZone(zone: string, now: Date): string {
  const time = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeStyle: 'short', hourCycle: 'h23' }).format(now);
  return `${time} there now`;
}

/** Can a browser show times of it? */
export function isZone(name: unknown): name is string {
  if (typeof name !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    // That is how it says that there is no such zone.
    return false;
  }
}
