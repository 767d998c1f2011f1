import { attributes, type Html, html } from '../../lib/html.ts';
import { listRuns } from '../../lib/list-runs.ts';
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
  const top = niceCeiling(Math.max(0, ...all));
  const lowest = Math.min(0, ...all);
  const bottom = lowest < 0 ? -niceCeiling(-lowest) : 0;
  const yOf = (value: number) => round(EDGE + ((top - value) / (top - bottom)) * HEIGHT);
  const xOf = (place: number) => round((place / (axis.length - 1)) * WIDTH);
  const ticks = [...new Set([top, 0, bottom])];
  const size = HEIGHT + 2 * EDGE;
  const names = chooseNames(axis.length).map((place) => axis[place]?.name ?? '');
  const [first = '', last = ''] = [names[0], names.at(-1)];
  return html`<div class="plot"><svg class="scale" width="80" height="${size}" aria-hidden="true">${ticks.map((tick) => html`<text x="76" y="${yOf(tick) + 4}" text-anchor="end">${formatColumn(column, tick)}</text>`)}</svg><svg class="lines" viewBox="0 0 ${WIDTH} ${size}" height="${size}" preserveAspectRatio="none" role="img" aria-label="${title}, from ${first} to ${last}; the table has the numbers">${ticks.map((tick) => html`<line x1="0" x2="${WIDTH}" y1="${yOf(tick)}" y2="${yOf(tick)}"/>`)}${lines.map(({ values }, place) => html`<g data-line="${place}">${listStrokes(values).map((run) => html`<polyline points="${run.map(([at, value]) => `${xOf(at)},${yOf(value)}`).join(' ')}"/>`)}</g>`)}</svg><p class="axis" aria-hidden="true">${names.map((name) => html`<span>${name}</span>`)}</p></div>${
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
/** Names below the axis, most first: as many as lie evenly, from the first place to the last. */
const NAMES = [5, 4, 3, 2];

function chooseNames(count: number): number[] {
  const chosen = NAMES.find((names) => names <= count && (count - 1) % (names - 1) === 0) ?? 2;
  return Array.from({ length: chosen }, (_, place) => (place * (count - 1)) / (chosen - 1));
}

/** The least of 1, 2, 5 × 10ⁿ that is no smaller: where the axis ends. */
function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
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
