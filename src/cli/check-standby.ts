import type pg from 'pg';
import { compareStandby } from '../store/postgres/standby.ts';
import { type Finding, ok, warn } from './finding.ts';

const MIB = 1024 ** 2;
/** A standby that keeps up is behind by less than a second's writing, some megabytes. */
const BEHIND_MIB_MAX = 64;

/** Whether SLUICE_READ_DATABASE_URL is a standby of the database, and how far behind it is. */
export async function checkStandby(database: pg.Pool, standby: pg.Pool): Promise<Finding> {
  const { isStandby, isSameInstallation, bytesBehind } = await compareStandby(database, standby);
  if (!isSameInstallation)
    return {
      level: 'problem',
      says: 'SLUICE_READ_DATABASE_URL holds another installation than DATABASE_URL: name a standby of the same database.',
    };
  if (!isStandby || bytesBehind === null)
    return warn(
      'SLUICE_READ_DATABASE_URL is no hot standby: reading routes show what it has, so make sure that it is the same database or a copy that is kept up to date.',
    );
  const behind = `It is a hot standby, ${(bytesBehind / MIB).toFixed(1)} MiB of the log behind`;
  if (bytesBehind <= BEHIND_MIB_MAX * MIB) return ok(`${behind}.`);
  return warn(`${behind}: reading routes lack the newest leads. Look at its disk and at the network to it.`);
}
