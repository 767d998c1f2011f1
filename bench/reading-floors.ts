import type { Floor } from './intake-floors.ts';
import type { DiskOfLeads } from './reading-disk.ts';
import type { ExportFigures } from './reading-export.ts';
import type { IntakeFigures } from './reading-intake.ts';
import { READING_GROUPS } from './reading-requests.ts';
import type { Read, ReadingOptions } from './reading-stage.ts';
import { median, percentile } from './statistics.ts';

/** What counting and finding may add to the disk of leads, times. */
const DISK_TIMES_MAX = 1.15;
/** What readers may do to the p99 of submissions, times. */
const INTAKE_TIMES_MAX = 1.5;
const EXPORT_SECONDS_MAX_PER_MILLION = 90;
const EXPORT_RSS_MIB_MAX = 150;
/** The request that others are compared with: it reads along primary keys alone. */
const REFERENCE = 'a lead’s page';

interface Measured {
  reads: readonly Read[];
  intake: IntakeFigures | null;
  exported: ExportFigures | null;
  disk: DiskOfLeads;
}

/** Checks each promise that the run can show. */
export function checkReading(measured: Measured, { ratiosOnly }: Pick<ReadingOptions, 'ratiosOnly'>): Floor[] {
  return ratiosOnly ? checkRatios(measured) : checkTimes(measured);
}

/** Of the same run: how long the middle request of a group takes, and the slowest one, beside a lead’s page. */
function checkRatios({ reads }: Measured): Floor[] {
  const reference = median(reads.filter(({ request }) => request.group === REFERENCE).flatMap(({ ms }) => ms));
  return Object.entries(READING_GROUPS).flatMap(([name, { timesMax }]) => {
    const own = reads.filter(({ request }) => request.group === name).map(({ ms }) => median(ms));
    if (own.length === 0 || name === REFERENCE) return [];
    return [atMost(`${name}: the slowest request, times ${REFERENCE}`, Math.max(...own) / reference, timesMax)];
  });
}

function checkTimes({ reads, intake, exported, disk }: Measured): Floor[] {
  const groups = Object.entries(READING_GROUPS).flatMap(([name, { p95MsMax }]) => {
    const ms = reads.filter(({ request }) => request.group === name).flatMap((each) => each.ms);
    return ms.length === 0 ? [] : [atMost(`${name}: p95, ms`, percentile(ms, 0.95), p95MsMax)];
  });
  const size = (disk.bytes + disk.addedBytes) / disk.bytes;
  return [
    ...groups,
    atMost('disk of leads with what counts and finds them, times without', size, DISK_TIMES_MAX),
    ...(intake ? [atMost('p99 of submissions beside readers, times without', intake.p99Ratio, INTAKE_TIMES_MAX)] : []),
    ...(exported
      ? [
          atMost(
            'export, seconds a million rows',
            (exported.seconds / exported.rows) * 1e6,
            EXPORT_SECONDS_MAX_PER_MILLION,
          ),
          atMost('MiB of RSS that an export added', exported.rssPeakMib - exported.rssBeforeMib, EXPORT_RSS_MIB_MAX),
        ]
      : []),
  ];
}

function atMost(name: string, measured: number, bound: number): Floor {
  // NaN, a measure that is missing, holds nothing.
  return { name, kind: 'at-most', bound, measured, holds: measured <= bound };
}
