import { attributes, type Html, html } from '../../lib/html.ts';
import { listRuns } from '../../lib/list-runs.ts';
import { niceScale } from '../../lib/nice-scale.ts';
import { formatColumn } from './column-words.ts';
import type { ReportChart } from './report-chart.ts';

/** Of lines, in units of the picture, which is as wide as the page. */
const HEIGHT = 180;
const WIDTH = 1_000;
/** Above and below, for half a line of text. */
const EDGE = 8;

/** A chart without a script: pictures stretch with the page, and texts stay as large as they are. The table says the same. */
export function renderReportChart(chart: ReportChart, zone: string): Html {
  const drawn = chart.kind === 'lines' ? renderLines(chart) : renderBars(chart);
  return html`<figure class="chart" role="group" aria-label="${chart.title}"><figcaption>${chart.title}${chart.kind === 'lines' && html` <span class="secondary">${zone}</span>`}</figcaption>${drawn}</figure>`;
}

type LinesChart = Extract<ReportChart, { kind: 'lines' }>;

function renderLines({ title, column, axis, lines }: LinesChart): Html {
  const all = lines.flatMap(({ values }) => values.map((value) => value ?? 0));
  const { bottom, top, ticks } = niceScale(Math.max(0, ...all), Math.min(0, ...all));
  const yOf = (value: number) => round(EDGE + ((top - value) / (top - bottom)) * HEIGHT);
  const xOf = (place: number) => round((place / (axis.length - 1)) * WIDTH);
  const size = HEIGHT + 2 * EDGE;
  const [first = '', last = ''] = [axis[0]?.name, axis.at(-1)?.name];
  return html`<div class="plot"><svg class="scale" width="80" height="${size}" aria-hidden="true">${ticks.map((tick) => html`<text x="76" y="${yOf(tick) + 4}" text-anchor="end">${formatColumn(column, tick)}</text>`)}</svg><svg class="lines" viewBox="0 0 ${WIDTH} ${size}" height="${size}" preserveAspectRatio="none" role="img" aria-label="${title}, from ${first} to ${last}; the table has the numbers">${ticks.map((tick) => html`<line x1="0" x2="${WIDTH}" y1="${yOf(tick)}" y2="${yOf(tick)}"/>`)}${lines.map(({ values }, place) => html`<g data-line="${place}">${listStrokes(values).map((run) => html`<polyline points="${run.map(([at, value]) => `${xOf(at)},${yOf(value)}`).join(' ')}"/>`)}</g>`)}</svg>${renderTimes(axis)}</div>${
    lines.length > 1 &&
    html`<ul class="legend">${lines.map(({ name }, place) => html`<li><svg width="28" height="10" aria-hidden="true"><g data-line="${place}"><polyline points="0,5 28,5"/></g></svg><bdi>${name}</bdi></li>`)}</ul>`
  }`;
}

/** The parts between gaps; a value that stands alone is a short line. */
function listStrokes(values: readonly (number | null)[]): [number, number][][] {
  return listRuns(values).map((run) => {
    const [[at, value] = [0, 0]] = run;
    return run.length === 1 ? [...run, [at + DOT, value]] : run;
  });
}

/** Of the distance of two places. */
const DOT = 0.1;
/** Of the picture; a label so near to an edge begins or ends there. */
const EDGE_PERCENT = 4;
/** That lie side by side on a phone. */
const NARROW_LABELS_MAX = 4;

/** Round times below the places where they begin, at their percent of the width. */
function renderTimes(axis: LinesChart['axis']): Html {
  const labels = axis.flatMap(({ tick }, place) =>
    tick === null ? [] : [{ tick, x: round((place / (axis.length - 1)) * 100) }],
  );
  // On a phone every second one has room.
  const isSecond = (place: number) => (labels.length > NARROW_LABELS_MAX && place % 2 === 1 ? '' : null);
  return html`<svg class="axis" height="24" aria-hidden="true">${labels.map(({ tick, x }, place) => html`<line${attributes({ 'data-second': isSecond(place) })} x1="${x}%" x2="${x}%" y1="0" y2="4"/><text${attributes({ 'data-second': isSecond(place) })} x="${x}%" y="18" text-anchor="${x < EDGE_PERCENT ? 'start' : x > 100 - EDGE_PERCENT ? 'end' : 'middle'}">${tick}</text>`)}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function renderBars({ column, bars, moreCount }: Extract<ReportChart, { kind: 'bars' }>): Html {
  const most = Math.max(0, ...bars.map(({ value }) => value));
  return html`<ul class="bars">${bars.map(({ name, value }) => html`<li><span><bdi>${name}</bdi></span>${renderBar(most > 0 ? Math.max(0, value) / most : 0)}<span class="number">${formatColumn(column, value)}</span></li>`)}</ul>${moreCount > 0 && html`<p class="secondary">The table has ${moreCount} more.</p>`}`;
}

/** What is not 0 is seen. */
function renderBar(share: number): Html {
  const width = share <= 0 ? 0 : Math.max(1, round(share * 100));
  return html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="ground"${attributes({ width: 100, height: 8 })}/><rect${attributes({ width, height: 8 })}/></svg>`;
}
