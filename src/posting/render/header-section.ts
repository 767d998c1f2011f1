import { type Html, type HtmlValue, html } from '../../lib/html.ts';
import type { PostingPage, PostingState } from '../posting-page.ts';
import { writeShortestRequest } from '../sample-snippets.ts';
import { formatMoment, renderBadge, renderCode, renderName, type Tone } from './parts.ts';

const STATES: Readonly<Record<PostingState['kind'], { tone: Tone; word: string }>> = {
  live: { tone: 'success', word: 'Live' },
  test: { tone: 'running', word: 'Test' },
  paused: { tone: 'error', word: 'Paused' },
};

/** Whose page it is, whether leads are taken now, and what it may be taken away as. */
export function renderHeader({
  account,
  flow,
  source,
  state,
  contact,
  updated_at,
  downloads,
  changes,
}: PostingPage): Html {
  const { tone, word } = STATES[state.kind];
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ['Flow', renderName(flow.name)],
    ['Source', renderName(source.name)],
    [
      'Last changed',
      html`<time datetime="${updated_at}">${formatMoment(updated_at)}</time>${changes.length > 0 && html` <a href="#changes">What changed</a>`}`,
    ],
    ['Questions to', contact === null ? null : renderContact(contact)],
  ];
  const files: readonly (readonly [string, string])[] = [
    ['OpenAPI', downloads.openapi],
    ['Postman', downloads.postman],
    ['CSV template', downloads.csv],
    ['Markdown', downloads.markdown],
    ['JSON', downloads.json],
  ];
  return html`<header class="top"><p class="account">${renderName(account.name)}</p><h1>How to post leads</h1><dl class="facts">${facts
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
    )}</dl><p class="state" data-tone="${tone}">${renderBadge(tone, word)} <span>${state.sentence}</span></p><ul class="downloads" aria-label="Downloads">${files.map(([name, url]) => html`<li><a href="${url}" rel="nofollow" download>${name}</a></li>`)}</ul></header>`;
}

const MAIL = /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/;

function renderContact(contact: string): Html {
  return MAIL.test(contact) ? html`<a href="mailto:${contact}">${contact}</a>` : renderName(contact);
}

/** The URL, the shortest request that it takes, and what that must have. */
export function renderSubmitUrl(page: PostingPage): Html {
  const { submit_url, methods, fields } = page;
  const required = fields.filter((field) => field.required === 'yes');
  const others = methods.filter((method) => method !== 'POST');
  return html`<p>Send each lead by <strong>POST</strong> to this URL.${others.length > 0 ? ` ${others.join(', ')} works, too, with the parameters in the query.` : ''}</p>${renderCode('Submit URL', submit_url)}<h3>The shortest request</h3>${renderCode('The shortest request', writeShortestRequest(page))}<p>${required.length > 0 && html`Required: ${required.map(({ name }, place) => html`${place > 0 && ', '}<code>${name}</code>`)}. `}<a href="#fields">All fields</a></p><p class="note">This page is documentation. Do not post leads to its own URL: it answers 405 and takes none.</p>`;
}
