import { Tooltip } from '@mantine/core';
import { useZone } from '../api/use-session.ts';
import { formatRelative, formatTime } from './format-time.ts';
import { useMinute } from './use-minute.ts';

/**
 * A moment in the zone of the account, which is printed. `isRelative`: as "2 minutes ago", with the moment on hover and
 * focus.
 */
export function Time({ at, isRelative = false }: { at: string | number; isRelative?: boolean }) {
  const zone = useZone();
  const moment = new Date(at);
  const absolute = formatTime(moment, { zone, now: new Date() });
  if (isRelative) return <RelativeTime moment={moment} absolute={absolute} />;
  return <time dateTime={moment.toISOString()}>{absolute}</time>;
}

function RelativeTime({ moment, absolute }: { moment: Date; absolute: string }) {
  // Rows that stay are not drawn anew, and their times go on.
  useMinute();
  return (
    <Tooltip label={absolute} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the moment is shown to who has no pointer, too */}
      <time dateTime={moment.toISOString()} tabIndex={0}>
        {formatRelative(moment, new Date())}
      </time>
    </Tooltip>
  );
}
