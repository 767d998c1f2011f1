import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useState } from 'react';
import { niceCeiling } from '../../../src/lib/nice-scale.ts';
import { dateFormatter } from './formatter.ts';
import classes from './Histogram.module.css';
import { chooseBars } from './histogram-scale.ts';
import { findLook } from './statuses.ts';
import { layTicks, placeAmong, type Tick } from './time-ticks.ts';

export interface HistogramBar {
  /** Epoch ms; the end is excluded. */
  start: number;
  end: number;
  counts: Readonly<Record<string, number>>;
}

interface HistogramProps {
  /** What is counted: "Leads by outcome". */
  name: string;
  /** From the bottom up; the words of outcomes. */
  series: readonly string[];
  bars: readonly HistogramBar[];
  zone: string;
  /** Of the time from `start` to `end`, which a person drew over the bars; absent: nothing is drawn over them. */
  onBrush?: (frame: { start: number; end: number }) => void;
  /** Of the bars, px; as in lists unless given. */
  height?: number;
}

const LIST_HEIGHT = 32;
/** Of an svg beside its bars. */
export const HISTOGRAM_AROUND = 25;
const LABELS_HEIGHT = 15;
const TICK_HEIGHT = 4;
const AXIS_WIDTH = 44;
const DAY_MS = 86_400_000;
/** A press that moves less is no brush. */
const BRUSH_MIN = 4;

/** Counts over time as stacked bars from 0. `HistogramTable` says the same in words and numbers. */
export function Histogram({ name, series, bars, zone, onBrush, height = LIST_HEIGHT }: HistogramProps) {
  const { ref, width: whole } = useElementSize();
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const width = Math.max(0, whole - AXIS_WIDTH);
  const top = niceCeiling(Math.max(0, ...bars.map((bar) => sumOf(bar, series))));
  const step = bars.length === 0 ? 0 : width / bars.length;
  const gap = step > 4 ? 1 : 0;
  const labels = labelsOf(bars, zone);
  const placeOf = (event: PointerEvent<SVGSVGElement>) =>
    Math.min(width, Math.max(0, event.clientX - event.currentTarget.getBoundingClientRect().left - AXIS_WIDTH));
  const end = () => {
    setBrush(null);
    if (brush === null || Math.abs(brush[1] - brush[0]) < BRUSH_MIN) return;
    const [first, last] = chooseBars(brush, { width, count: bars.length }).map((place) => bars[place]);
    if (first && last) onBrush?.({ start: first.start, end: last.end });
  };
  return (
    <div ref={ref} className={classes['frame']}>
      <svg
        className={classes['plot']}
        height={height + HISTOGRAM_AROUND}
        role="img"
        aria-label={`${name}: ${summarize(bars, series)}`}
        data-brushed={onBrush !== undefined}
        onPointerDown={(event) => {
          if (onBrush === undefined) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush([placeOf(event), placeOf(event)]);
        }}
        onPointerMove={(event) => brush && setBrush([brush[0], placeOf(event)])}
        onPointerUp={end}
        onPointerCancel={() => setBrush(null)}
      >
        <g transform="translate(0 6)">
          <text x={AXIS_WIDTH - 6} y={4} textAnchor="end">
            {COUNT.format(top)}
          </text>
          <text x={AXIS_WIDTH - 6} y={height + 1} textAnchor="end">
            0
          </text>
          <g transform={`translate(${AXIS_WIDTH} 0)`}>
            <line x1={0} x2={width} y1={0.5} y2={0.5} />
            {width > 0 &&
              bars.map((bar, place) => (
                <Bar
                  key={bar.start}
                  {...{ bar, series, labels, top, height }}
                  x={place * step}
                  width={Math.max(1, step - gap)}
                />
              ))}
            {brush && (
              <rect
                className={classes['brush']}
                x={Math.min(...brush)}
                width={Math.abs(brush[1] - brush[0])}
                y={0}
                height={height}
              />
            )}
            <line data-zero x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
            {layBarTicks(bars, { ...labels, width, step }).map(({ at, x, labelX, label }) => (
              <g key={at}>
                <line data-zero x1={x} x2={x} y1={height + 1} y2={height + 1 + TICK_HEIGHT} />
                <text x={labelX} y={height + LABELS_HEIGHT} textAnchor="middle">
                  {label}
                </text>
              </g>
            ))}
          </g>
        </g>
      </svg>
    </div>
  );
}

function Bar(given: {
  bar: HistogramBar;
  series: readonly string[];
  labels: Labels;
  top: number;
  height: number;
  x: number;
  width: number;
}) {
  const { bar, series, labels, top, height: whole, x, width } = given;
  let below = 0;
  return (
    <g>
      <title>{`${labelOf(bar, labels)}: ${describeCounts(bar.counts, series)}`}</title>
      <rect x={x} width={width} y={0} height={whole} fill="transparent" />
      {series.map((each) => {
        const count = bar.counts[each] ?? 0;
        // One of many is still seen.
        const height = count === 0 ? 0 : Math.max(1, (count / top) * whole);
        below += height;
        return <rect key={each} data-tone={each} x={x} width={width} y={whole - below} height={height} />;
      })}
    </g>
  );
}

/** The same as a table, for readers and for who wants the numbers. */
export function HistogramTable({ name, series, bars, zone }: Omit<HistogramProps, 'onBrush' | 'height'>) {
  const labels = labelsOf(bars, zone);
  return (
    <table>
      <caption>{name}</caption>
      <thead>
        <tr>
          <th scope="col">From ({zone})</th>
          {series.map((each) => (
            <th key={each} scope="col" data-number>
              {findLook(each).word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.start}>
            <th scope="row">{labelOf(bar, labels)}</th>
            {series.map((each) => (
              <td key={each} data-number>
                {COUNT.format(bar.counts[each] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const COUNT = new Intl.NumberFormat('en-US');

function sumOf({ counts }: HistogramBar, series: readonly string[]): number {
  return series.reduce((sum, each) => sum + (counts[each] ?? 0), 0);
}

/** `1,204 success, 30 failure, 2 error`, of all bars. */
export function summarize(bars: readonly HistogramBar[], series: readonly string[]): string {
  const counts = Object.fromEntries(
    series.map((each) => [each, bars.reduce((sum, bar) => sum + (bar.counts[each] ?? 0), 0)]),
  );
  return describeCounts(counts, series);
}

function describeCounts(counts: Readonly<Record<string, number>>, series: readonly string[]): string {
  return series.map((each) => `${COUNT.format(counts[each] ?? 0)} ${findLook(each).word.toLowerCase()}`).join(', ');
}

interface Labels {
  zone: string;
  areDays: boolean;
}

/** Bars are days when one is: the first and the last may be cut. */
function labelsOf(bars: readonly HistogramBar[], zone: string): Labels {
  return { zone, areDays: bars.some(({ start, end }) => end - start > DAY_MS / 2) };
}

/** Times below the bars: where one begins, of a day or a week below its middle. */
function layBarTicks(
  bars: readonly HistogramBar[],
  { zone, areDays, width, step }: Labels & { width: number; step: number },
): Tick[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined || width === 0) return [];
  const starts = bars.map(({ start }) => start);
  const among = placeAmong([...starts, last.end], step);
  const begun = new Set(areDays ? starts : []);
  const placeOf = (at: number) => among(at) + (begun.has(at) ? step / 2 : 0);
  // At its end the last of several days has no bar.
  return layTicks({ start: first.start, end: areDays ? last.end - 1 : last.end }, { zone, width, placeOf });
}

/** A day without a time where bars are days. */
function labelOf(bar: HistogramBar | undefined, { zone, areDays }: Labels): string {
  if (bar === undefined) return '';
  return dateFormatter({
    ...{ timeZone: zone, month: 'short', day: 'numeric' },
    ...(!areDays && { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  }).format(new Date(bar.start));
}
