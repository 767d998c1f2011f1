import { unreachable } from '../lib/assert.ts';
import type { Log } from '../observe/log.ts';
import type { ClockState, DatabaseClock } from '../store/database-clock.ts';
import type { NodeStore } from '../store/postgres/nodes.ts';

/** So that one slow answer does not decide what the first lead's time is. */
const FIRST_READINGS = 3;

/** Compares this machine's clock with the database's before the first id is made. */
export async function readClock(clock: DatabaseClock, nodes: NodeStore): Promise<void> {
  for (let reading = 0; reading < FIRST_READINGS; reading += 1) {
    const askedAt = clock.monotonic();
    const databaseNow = await nodes.readClock();
    clock.observe({ askedAt, answeredAt: clock.monotonic(), databaseNow });
  }
}

/** Logs that the clock of this machine went off, came right again, or is too far off for new leads. */
export function reportClock(log: Log, { kind, aheadMs, reason }: ClockState): void {
  const fields = { ahead_ms: aheadMs };
  switch (kind) {
    case 'right':
      log.info(fields, "the clock of this machine agrees with the database's again");
      break;
    case 'off':
      log.warn(
        fields,
        "the clock of this machine is wrong; leads get the database's time: let NTP set the clocks of all machines",
      );
      break;
    case 'refused':
      log.error({ ...fields, reason }, 'new leads are refused until the clock is right');
      break;
    default:
      unreachable(kind);
  }
}
