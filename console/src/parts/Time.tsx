import { Tooltip } from '@mantine/core';
import { useSession } from '../api/use-session.ts';
import { formatRelative, formatTime } from './format-time.ts';

/**
 * A moment in the zone of the account, which is printed. `isRelative`: as "2 minutes ago", with the moment on hover and
 * focus.
 */
export function Time({ at, isRelative = false }: { at: string | number; isRelative?: boolean }) {
  const { account } = useSession();
  const moment = new Date(at);
  const now = new Date();
  const absolute = formatTime(moment, { zone: account.time_zone, now });
  if (!isRelative) return <time dateTime={moment.toISOString()}>{absolute}</time>;
  return (
    <Tooltip label={absolute} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the moment is shown to who has no pointer, too */}
      <time dateTime={moment.toISOString()} tabIndex={0}>
        {formatRelative(moment, now)}
      </time>
    </Tooltip>
  );
}
