import { useElementSize } from '@mantine/hooks';
import { listRuns } from '../../../src/lib/list-runs.ts';
import { niceScale } from '../../../src/lib/nice-scale.ts';
import { dateFormatter } from './formatter.ts';
import classes from './LineChart.module.css';
import { layTicks, placeAmong } from './time-ticks.ts';

export interface Line {
  name: string;
  /** null: it is unknown there, and the line has a gap. */
  values: readonly (number | null)[];
}

const HEIGHT = 180;
const LABELS_HEIGHT = 18;
const AXIS_WIDTH = 64;
/** Of the half of a label that stands at the end of the axis. */
const END_WIDTH = 8;

/** Values over time as lines from 0; each has a pattern of its own beside its colour, and its name below. The table of the page says the same. */
export function LineChart(given: {
  /** What is shown: "Cost, USD by source". */
  name: string;
  lines: readonly Line[];
  /** Of each point, epoch ms. */
  starts: readonly number[];
  zone: string;
  /** As it is printed. */
  zoneName: string;
  format: (value: number) => string;
}) {
  const { name, lines, starts, zone, zoneName, format } = given;
  const { ref, width: whole } = useElementSize();
  const width = Math.max(0, whole - AXIS_WIDTH - END_WIDTH);
  const all = lines.flatMap(({ values }) => values.map((value) => value ?? 0));
  const { bottom, top, ticks } = niceScale(Math.max(0, ...all), Math.min(0, ...all));
  const yOf = (value: number) => HEIGHT - ((value - bottom) / (top - bottom)) * HEIGHT;
  const step = starts.length < 2 ? 0 : width / (starts.length - 1);
  const xOf = (place: number) => (starts.length < 2 ? width / 2 : place * step);
  const among = placeAmong(starts, step);
  const [first = 0, last = 0] = [starts[0], starts.at(-1)];
  const times =
    width === 0
      ? []
      : layTicks({ start: first, end: last }, { zone, width, placeOf: starts.length < 2 ? () => xOf(0) : among });
  return (
    <figure className={classes['figure']}>
      <figcaption>
        {name}, {zoneName}
      </figcaption>
      <div ref={ref}>
        <svg
          className={classes['plot']}
          height={HEIGHT + LABELS_HEIGHT + 8}
          role="img"
          aria-label={`${name}, from ${nameDay(first, zone)} to ${nameDay(last, zone)}; the table has the numbers`}
        >
          <g transform={`translate(${AXIS_WIDTH} 6)`}>
            {ticks.map((tick) => (
              <g key={tick}>
                <text x={-8} y={yOf(tick) + 4} textAnchor="end">
                  {format(tick)}
                </text>
                <line
                  x1={0}
                  x2={width}
                  y1={yOf(tick) + 0.5}
                  y2={yOf(tick) + 0.5}
                  {...(tick === 0 && { 'data-zero': true })}
                />
              </g>
            ))}
            {width > 0 &&
              lines.map(({ name: line, values }, place) => (
                <g key={line} data-line={place}>
                  <title>{line}</title>
                  {listRuns(values).map((run) =>
                    run.length === 1 ? (
                      <circle key={run[0]?.[0]} cx={xOf(run[0]?.[0] ?? 0)} cy={yOf(run[0]?.[1] ?? 0)} r={3} />
                    ) : (
                      <polyline
                        key={run[0]?.[0]}
                        points={run.map(([at, value]) => `${xOf(at)},${yOf(value)}`).join(' ')}
                      />
                    ),
                  )}
                </g>
              ))}
            {times.map(({ at, x, labelX, label }) => (
              <g key={at}>
                <line data-zero x1={x} x2={x} y1={HEIGHT + 1} y2={HEIGHT + 5} />
                <text x={labelX} y={HEIGHT + LABELS_HEIGHT} textAnchor="middle">
                  {label}
                </text>
              </g>
            ))}
          </g>
        </svg>
      </div>
      {lines.length > 1 && <Legend lines={lines} />}
    </figure>
  );
}

function Legend({ lines }: { lines: readonly Line[] }) {
  return (
    <ul className={classes['legend']}>
      {lines.map(({ name: line }, place) => (
        <li key={line}>
          <svg width={28} height={10} aria-hidden className={classes['sample']}>
            <g data-line={place}>
              <polyline points="0,5 28,5" />
            </g>
          </svg>
          <bdi>{line}</bdi>
        </li>
      ))}
    </ul>
  );
}

function nameDay(at: number, zone: string): string {
  return dateFormatter({ timeZone: zone, dateStyle: 'medium' }).format(at);
}
