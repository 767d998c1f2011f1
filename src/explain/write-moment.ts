import { DateTime } from 'luxon';

/** `2026-11-21 00:00 America/Chicago`. */
export function writeMoment(at: number | string, zone: string): string {
  const moment = typeof at === 'number' ? DateTime.fromMillis(at, { zone }) : DateTime.fromISO(at, { zone });
  return `${moment.toFormat('yyyy-MM-dd HH:mm')} ${zone}`;
}
