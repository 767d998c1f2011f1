import { IANAZone } from 'luxon';
import type { DateFormat } from './export.ts';

/** Every zone in use changes at a multiple of it. */
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;

/**
 * Returns what writes instants (epoch ms) in a zone: `2026-11-28 01:30:00`, or with ISO 8601 `2026-11-28T01:30:00.000Z`
 * and `…-06:00`. The offset of the last quarter of an hour is remembered, because a calendar takes microseconds.
 */
export function createTimeFormat(format: DateFormat, timeZone: string): (epochMs: number) => string {
  const zone = IANAZone.create(timeZone);
  let quarter = Number.NaN;
  let minutes = 0;
  return (epochMs) => {
    const current = Math.floor(epochMs / QUARTER_MS);
    if (current !== quarter) {
      quarter = current;
      minutes = zone.offset(epochMs);
    }
    const local = new Date(epochMs + minutes * MINUTE_MS).toISOString();
    return format === 'standard'
      ? `${local.slice(0, 10)} ${local.slice(11, 19)}`
      : `${local.slice(0, -1)}${describeOffset(minutes)}`;
  };
}

function describeOffset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
