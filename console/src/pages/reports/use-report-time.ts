import { useMemo } from 'react';
import { useSession } from '../../api/use-session.ts';
import { formatPart } from '../../parts/format-time.ts';
import { isZone } from '../../parts/zones.ts';

/** The zone of a report, else of the account, and how its parts of the time are called; null: the time is not split. */
export function useReportTime(
  ownZone: string | null | undefined,
  interval: string | undefined,
): { zone: string; namePart: ((at: string) => string) | null } {
  const { account } = useSession();
  const zone = isZone(ownZone) ? ownZone : account.time_zone;
  const namePart = useMemo(
    () =>
      interval === undefined ? null : (at: string) => formatPart(new Date(at), { interval, zone, now: new Date() }),
    [interval, zone],
  );
  return { zone, namePart };
}
