import { IconPlugConnectedX } from '@tabler/icons-react';
import { useSession } from '../api/use-session.ts';
import { formatTime } from '../parts/format-time.ts';
import classes from './Shell.module.css';
import { useConnection } from './use-connection.ts';

/** Says that what is shown may be old. The pages keep what they have. */
export function ConnectionBanner() {
  const lostAt = useConnection();
  const { account } = useSession();
  return (
    <div role="status">
      {lostAt && (
        <p className={classes['banner']}>
          <IconPlugConnectedX size={16} aria-hidden />
          <span>
            The server cannot be reached. What you see was read before{' '}
            {formatTime(lostAt, { zone: account.time_zone, now: new Date() })}; this page goes on once it is back.
          </span>
        </p>
      )}
    </div>
  );
}
