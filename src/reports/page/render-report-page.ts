import { attributes, type Html, html } from '../../lib/html.ts';
import { formatColumn } from './column-words.ts';
import { renderReportChart } from './render-report-chart.ts';
import type { ReportPage } from './report-page.ts';
import type { ShownRow } from './shown-row.ts';

/** Times that a viewer chooses by name. */
const TIMES: readonly (readonly [name: string, words: string])[] = [
  ['today', 'Today'],
  ['yesterday', 'Yesterday'],
  ['this_7_days', 'Last 7 days'],
  ['previous_1_weeks', 'Last week, Monday to Sunday'],
  ['this_30_days', 'Last 30 days'],
  ['this_1_months', 'This month'],
  ['previous_1_months', 'Last month'],
];

/** A table of more columns is printed across. */
const COLUMNS_UPRIGHT_MAX = 7;

export interface AskedInPage {
  timeframe?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
}

export interface RenderedReport {
  page: ReportPage;
  /** `/reports/shared/{token}` */
  path: string;
  /** What the viewer chose; empty: the report's own time. */
  asked: AskedInPage;
}

/** The page of a shared report as markup. All that its owner or a lead brought is text in it, never markup. */
export function renderReportPage({ page, path, asked }: RenderedReport): { title: string; body: Html } {
  const isWide = page.heads.length > COLUMNS_UPRIGHT_MAX;
  const body = html`<a class="skip" href="#main">Skip to the report</a><div class="frame"${attributes({ 'data-wide': isWide ? '' : null })}>${renderHeader({ page, path, asked })}<main id="main" tabindex="-1">${renderTimes({ page, path, asked })}${
    page.isEmpty
      ? html`<p class="state">Nothing was counted in this time. Choose a longer one.</p>`
      : html`${page.chart && renderReportChart(page.chart, page.zone)}${renderRows(page)}`
  }</main></div>`;
  return { title: `${page.name} · Shared report · Sluice`, body };
}

function renderHeader({ page, path, asked }: RenderedReport): Html {
  const facts = [
    ['Time', page.time],
    ['Time zone', page.zone],
    ['Counted until', page.countedUntil],
    ...(page.endsAt === null ? [] : [['This link ends', page.endsAt]]),
  ];
  const query = writeQuery(asked);
  return html`<header class="top"><p class="paper">Sluice, printed ${page.madeAt}</p><h1><bdi>${page.name}</bdi></h1>${page.description !== null && html`<p><bdi>${page.description}</bdi></p>`}<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl><ul class="downloads" aria-label="Downloads"><li><a href="${path}.csv${query}" rel="nofollow" download>Download CSV</a></li><li><a href="${path}.md${query}" rel="nofollow">Markdown</a></li></ul></header>`;
}

/** Forms, because there is no script. Of a time by name there is no start, so they are two. */
function renderTimes({ page, path, asked }: RenderedReport): Html {
  const isOwn = Object.values(asked).every((given) => given === undefined);
  const chosen = isOwn ? page.timeframe : asked.timeframe;
  const times =
    chosen === undefined || TIMES.some(([name]) => name === chosen) ? TIMES : [[chosen, nameTime(chosen)], ...TIMES];
  const options = times.map(
    ([value = '', words = '']) =>
      html`<option${attributes({ value, selected: value === chosen ? '' : null })}>${words}</option>`,
  );
  return html`<section class="times" aria-label="Another time"><form action="${path}" method="get"><label for="timeframe">Time</label><select id="timeframe" name="timeframe" required>${chosen === undefined && html`<option value="" selected>Choose</option>`}${options}</select><button type="submit">Show this time</button></form><form action="${path}" method="get"><label for="start">From</label><input id="start" type="date" name="start" required${attributes({ value: page.days.start })}><label for="end">to</label><input id="end" type="date" name="end" required${attributes({ value: page.days.end })}><button type="submit">Show these days</button></form>${!isOwn && html`<p><a href="${path}">Show the time that was shared</a></p>`}</section>`;
}

/** `The last 14 days, with this day` of `this_14_days`; in the words of the console. */
function nameTime(timeframe: string): string {
  const [, kind, count, unit] = /^(this|previous)_(\d+)_([a-z]+?)s?$/.exec(timeframe) ?? [];
  if (kind === undefined || unit === undefined) return timeframe;
  const units = count === '1' ? unit : `${count} ${unit}s`;
  return kind === 'this' ? `The last ${units}, with this ${unit}` : `The ${units} before this ${unit}`;
}

function renderRows(page: ReportPage): Html {
  const { name, heads, rows, rowCount, total, columns } = page;
  const cellsOf = (row: ShownRow) => [...(row.part === null ? [] : [row.part]), ...row.groups];
  const texts = heads.length - columns.length;
  const numbers = (row: ShownRow) =>
    columns.map(
      (column, place) =>
        html`<td role="cell" class="number" data-column="${heads[texts + place]?.name ?? ''}">${formatColumn(column, row.values[column] ?? null)}</td>`,
    );
  const head = (text: string) => html`<th scope="row" role="rowheader"><bdi>${text}</bdi></th>`;
  const textCells = (row: ShownRow) =>
    cellsOf(row).map((text, place) =>
      place === 0
        ? head(text)
        : html`<td role="cell" data-column="${heads[place]?.name ?? ''}"><bdi>${text}</bdi></td>`,
    );
  // Without groups and parts the total is the one row.
  const own = texts === 0 ? [] : rows;
  return html`<div class="sideways" role="region" aria-label="Rows of the report" tabindex="0"><table role="table"><caption class="unseen"><bdi>${name}</bdi></caption><thead role="rowgroup"><tr role="row">${texts === 0 && html`<th scope="col" role="columnheader">Of</th>`}${heads.map(({ name: column, isNumber }) => html`<th scope="col" role="columnheader"${attributes({ class: isNumber ? 'number' : null })}>${column}</th>`)}</tr></thead><tbody role="rowgroup">${own.map((row) => html`<tr role="row">${textCells(row)}${numbers(row)}</tr>`)}</tbody>${
    total !== null &&
    html`<tfoot role="rowgroup"><tr role="row">${head('Total')}${Array.from({ length: Math.max(0, texts - 1) }, () => html`<td role="cell" class="blank"></td>`)}${numbers(total)}</tr></tfoot>`
  }</table></div>${rowCount > rows.length && html`<p>These are the first ${rows.length} of ${rowCount} rows. The CSV has all of them.</p>`}`;
}

/** `?` and what was asked; empty: nothing was. */
function writeQuery(asked: AskedInPage): string {
  const given = Object.entries(asked).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
