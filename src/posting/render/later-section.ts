import { type Html, html } from '../../lib/html.ts';
import type { PostingPage } from '../posting-page.ts';
import { formatMoment, renderCode, renderTable } from './parts.ts';

const MINUTE_SECONDS = 60;

/** null: the source takes no pings. */
export function renderPing({ ping, fields }: PostingPage): Html | null {
  if (ping === null) return null;
  const needed = fields.filter(({ needed_at_ping: isNeeded }) => isNeeded);
  return html`<ol>${ping.sentences.map((sentence) => html`<li>${sentence}</li>`)}</ol>${renderCode('Ping URL', ping.url)}<dl class="pairs"><div><dt>Price holds for</dt><dd>${formatSeconds(ping.life_seconds)}</dd></div><div><dt>Id of the ping, in its answer</dt><dd>header <code>${ping.id_header}</code></dd></div><div><dt>Names the ping in the post</dt><dd>parameter <code>${ping.id_parameter}</code></dd></div>${
    needed.length > 0 &&
    html`<div><dt>Needed at ping</dt><dd>${needed.map(({ name }) => html`<code class="example">${name}</code>`)}</dd></div>`
  }</dl>`;
}

function formatSeconds(seconds: number): string {
  if (seconds % MINUTE_SECONDS !== 0 || seconds === 0) return `${seconds} seconds`;
  const minutes = seconds / MINUTE_SECONDS;
  return `${minutes} minute${minutes === 1 ? '' : 's'}`;
}

export function renderRedirect({ redirect }: PostingPage): Html | null {
  if (redirect === null) return null;
  const { sentence, hosts, example, parameter } = redirect;
  return html`<p>${sentence}</p><p>Hosts that visitors may be sent to: ${
    hosts === null ? 'any.' : hosts.map((host) => html`<code class="example">${host}</code>`)
  }</p>${renderCode(`Example with ${parameter}`, example)}`;
}

export function renderFeedback({ feedback }: PostingPage): Html | null {
  return feedback && html`<p>${feedback.sentence}</p>`;
}

/** What vendors have to follow, newest first. */
export function renderChanges({ changes }: PostingPage): Html {
  if (changes.length === 0) return html`<p>Nothing that senders must follow has changed.</p>`;
  return renderTable({
    caption: 'What changed',
    columns: ['Since', 'Change'],
    rows: changes.map(({ at, sentence }) => [
      html`<time datetime="${at}">${formatMoment(at)}</time>`,
      html`<bdi>${sentence}</bdi>`,
    ]),
  });
}

export function renderDownloads({ downloads }: PostingPage): Html {
  const { openapi, postman, csv, markdown, json } = downloads;
  const rows: readonly (readonly [string, string, string])[] = [
    ['OpenAPI 3.1', openapi, 'This endpoint, for generators of code'],
    ['Postman collection', postman, 'Requests to send by hand'],
    ['CSV template', csv, 'A column for each parameter'],
    ['Markdown', markdown, 'This page as text, for notes and assistants'],
    ['JSON', json, 'This page for programs; ask it to see what changed'],
  ];
  return renderTable({
    caption: 'Downloads',
    columns: ['File', 'What for', 'URL'],
    rows: rows.map(([name, url, what]) => [
      html`<a href="${url}" rel="nofollow">${name}</a>`,
      what,
      html`<code class="url">${url}</code>`,
    ]),
  });
}
