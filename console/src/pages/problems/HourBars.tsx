import { Box, Group, Stack } from '@mantine/core';
import { useSession } from '../../api/use-session.ts';
import { countFailures } from './problem-words.ts';
import classes from './problems.module.css';

const HOUR_MS = 3_600_000;

/** The beginning of each hour: the last one is under way. */
export function hoursOf(counts: readonly number[], now: number): { at: Date; failures: number }[] {
  const last = Math.floor(now / HOUR_MS);
  return counts.map((failures, each) => ({ at: new Date((last - counts.length + 1 + each) * HOUR_MS), failures }));
}

const SPARK = { width: 96, height: 20 };

/** So small that it has no axes; what it says is its name. */
export function Spark({ counts }: { counts: readonly number[] }) {
  const sum = counts.reduce((all, each) => all + each, 0);
  return (
    <svg
      className={classes['spark']}
      viewBox={`0 0 ${SPARK.width} ${SPARK.height}`}
      width={SPARK.width}
      height={SPARK.height}
      role="img"
      aria-label={`${countFailures(sum)} in the last 24 hours`}
    >
      <Bars counts={counts} {...SPARK} />
    </svg>
  );
}

const CHART = { width: 720, height: 120 };

/** Failures of the last 24 hours, with the same as a table. */
export function HourChart({ counts }: { counts: readonly number[] }) {
  const { account } = useSession();
  const hours = hoursOf(counts, Date.now());
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: account.time_zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const zone = new Intl.DateTimeFormat('en-US', { timeZone: account.time_zone, timeZoneName: 'short' })
    .formatToParts(hours.at(-1)?.at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const most = Math.max(...counts, 0);
  const shown = hours.filter((_, each) => each % 6 === 0 || each === hours.length - 1);
  return (
    <figure className={classes['chart']}>
      <figcaption>Failures by the hour, {zone}</figcaption>
      <Group gap="sm" mt="sm" align="stretch" wrap="nowrap">
        <Stack aria-hidden justify="space-between" gap={0} h={CHART.height} fz="xs" c="dimmed" ta="right">
          <span>{most}</span>
          <span>0</span>
        </Stack>
        <Box flex={1} miw={0}>
          <svg
            viewBox={`0 0 ${CHART.width} ${CHART.height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label="Failures by the hour of the last 24 hours; the table below has the numbers"
          >
            <line x1="0" x2={CHART.width} y1={CHART.height - 0.5} y2={CHART.height - 0.5} className={classes['axis']} />
            <Bars counts={counts} {...CHART} />
          </svg>
          <div className={classes['hours']} aria-hidden>
            {shown.map(({ at }) => (
              <span key={at.getTime()}>{format.format(at)}</span>
            ))}
          </div>
        </Box>
      </Group>
      <details>
        <summary>Numbers</summary>
        <table className={classes['numbers']}>
          <thead>
            <tr>
              <th scope="col">Hour from</th>
              <th scope="col">Failures</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ at, failures }) => (
              <tr key={at.getTime()}>
                <td>{format.format(at)}</td>
                <td>{failures}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** From 0; an hour with a failure has a bar that can be seen. */
function Bars({ counts, width, height }: { counts: readonly number[]; width: number; height: number }) {
  const most = Math.max(...counts, 1);
  const step = width / counts.length;
  return counts.map((failures, each) => {
    const tall = failures === 0 ? 0 : Math.max(2, (failures / most) * (height - 2));
    return (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: the place of a bar is its hour
        key={each}
        x={each * step + step * 0.1}
        width={step * 0.8}
        y={height - tall}
        height={tall}
      />
    );
  });
}
