import { attributes, type Html, type HtmlValue, html } from '../../lib/html.ts';

/** What a section of the page is: an anchor of the menu and a heading. */
export interface Section {
  id: string;
  title: string;
  /** null: the page has no such section. */
  content: Html | null;
}

export function renderSection({ id, title, content }: Section): Html | null {
  if (content === null) return null;
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
}

/** Text to copy. `name` says what it is; the button is shown by the script, which is what copies. */
export function renderCode(name: string, code: string): Html {
  return html`<div class="code"><pre><code>${breakAtSlashes(code)}</code></pre><button type="button" data-copy="${code}" aria-label="Copy: ${name}" hidden>Copy</button></div>`;
}

/** A URL in it goes on in the next line after a slash, so that no id is cut in two. What is copied has no marks. */
function breakAtSlashes(code: string): HtmlValue {
  if (!/https?:\/\//.test(code)) return code;
  return code.split(/(?<=[^/:]\/)(?=\w)/).map((part, place) => (place === 0 ? part : html`<wbr>${part}`));
}

/** Text that is read, and not taken along. */
export function renderExample(code: string): Html {
  return html`<div class="code"><pre><code>${code}</code></pre></div>`;
}

/** A name that somebody chose, in any script. */
export function renderName(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}

export interface Tab {
  name: string;
  content: Html;
}

/**
 * One of several at a time, chosen by radio buttons, so that it works without a script; on paper all are there, each
 * below its name. At most `TABS_MAX`, as the styles have it.
 */
export function renderTabs({ id, legend, tabs }: { id: string; legend: string; tabs: readonly Tab[] }): Html {
  const shown = tabs.slice(0, TABS_MAX);
  const choices = shown.map(({ name }, place) =>
    renderChoice({ id: `${id}-${place}`, group: id, value: String(place), name, isChosen: place === 0 }),
  );
  const panels = shown.map(
    ({ name, content }) => html`<div class="panel"><h3 class="paper">${name}</h3>${content}</div>`,
  );
  return html`<fieldset class="tabs"><legend class="unseen">${legend}</legend>${choices}${panels}</fieldset>`;
}

/** Of the rules `.tabs > input:nth-of-type(…)` in page.css. */
export const TABS_MAX = 6;

export interface Choice {
  id: string;
  /** Of the radio buttons among which one is chosen. */
  group: string;
  value: string;
  name: string;
  isChosen: boolean;
}

export function renderChoice({ id, group, value, name, isChosen }: Choice): Html {
  const own = attributes({ type: 'radio', name: group, id, value, checked: isChosen ? '' : null, autocomplete: 'off' });
  return html`<input class="choice"${own}><label for="${id}">${name}</label>`;
}

export type Tone = 'success' | 'failure' | 'error' | 'skip' | 'running';

/** A state as icon, word and color. */
export function renderBadge(tone: Tone, word: string): Html {
  return html`<span class="badge" data-tone="${tone}">${ICONS[tone]}${word}</span>`;
}

/** Of Tabler (MIT), as in the console: check, x, alert-triangle, minus, player-play. */
const ICONS: Readonly<Record<Tone, Html>> = {
  success: icon(html`<path d="M5 12l5 5l10 -10"/>`),
  failure: icon(html`<path d="M18 6l-12 12"/><path d="M6 6l12 12"/>`),
  error: icon(
    html`<path d="M12 9v4"/><path d="M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0z"/><path d="M12 16h.01"/>`,
  ),
  skip: icon(html`<path d="M5 12l14 0"/>`),
  running: icon(html`<path d="M7 4v16l13 -8z"/>`),
};

function icon(paths: Html): Html {
  return html`<svg viewBox="0 0 24 24" width="14" height="14" aria-hidden="true">${paths}</svg>`;
}

/** A table whose rows become blocks on narrow screens; the roles say what the display takes away. */
export function renderTable(given: {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly HtmlValue[])[];
  className?: string;
}): Html {
  const { caption, columns, rows, className = '' } = given;
  const cells = (row: readonly HtmlValue[]) =>
    row.map((value, place) =>
      place === 0
        ? html`<th scope="row" role="rowheader">${value}</th>`
        : html`<td role="cell" data-column="${columns[place] ?? ''}">${value}</td>`,
    );
  return html`<table role="table" class="${className}"><caption class="unseen">${caption}</caption><thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead><tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${cells(row)}</tr>`)}</tbody></table>`;
}

export function renderList(sentences: readonly HtmlValue[]): Html {
  return html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

/** `Nov 28, 2026, 08:12 UTC`; the zone is always printed. */
export function formatMoment(iso: string): string {
  const at = new Date(iso);
  const date = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', day: 'numeric', year: 'numeric' });
  const time = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  return `${date.format(at)}, ${time.format(at)} UTC`;
}
