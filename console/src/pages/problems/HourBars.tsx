import { useSession } from '../../api/use-session.ts';
import { nameZone } from '../../parts/format-time.ts';
import { Histogram, HistogramTable } from '../../parts/Histogram.tsx';
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

/** Failures of the last 24 hours, with the same as a table. */
export function HourChart({ counts }: { counts: readonly number[] }) {
  const { account } = useSession();
  const zone = account.time_zone;
  const now = Date.now();
  const chart = {
    ...{ name: 'Failures by the hour', series: ['error'], zone },
    bars: hoursOf(counts, now).map(({ at, failures }) => ({
      ...{ start: at.getTime(), end: at.getTime() + HOUR_MS, counts: { error: failures } },
    })),
  };
  return (
    <figure className={classes['chart']}>
      <figcaption>
        {chart.name}, {nameZone(zone, new Date(now))}
      </figcaption>
      <Histogram {...chart} height={120} />
      <details>
        <summary>Show numbers</summary>
        <div className={classes['numbers']}>
          <HistogramTable {...chart} />
        </div>
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
