import { dateFormatter } from './formatter.ts';

/** `2026-11-20T14:03`, as an input of the type `datetime-local` has it, of an instant in a zone. */
export function wallTimeOf(instant: number, zone: string): string {
  const parts = dateFormatter({
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(new Date(instant));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/**
 * The instant, epoch ms, of a wall time in a zone; null: it is no time. A time that comes twice is its first, and one that a
 * change of clocks leaves out is as long after the change as it names.
 */
export function instantOfWallTime(text: string, zone: string): number | null {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsetAt = (instant: number) =>
    Date.parse(`${wallTimeOf(instant, zone)}Z`) - Math.floor(instant / 60_000) * 60_000;
  const candidates = [asUtc - offsetAt(asUtc - DAY_MS), asUtc - offsetAt(asUtc + DAY_MS)];
  return candidates.find((each) => each + offsetAt(each) === asUtc) ?? candidates[0] ?? null;
}

const DAY_MS = 86_400_000;
